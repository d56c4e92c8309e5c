import { pino, type DestinationStream, type Logger } from 'pino';
import { currentContext } from './run-context.js';
import { safeError } from './safe-error.js';

export type { Logger } from 'pino';

/** Token of the process's logger. */
export const LOGGER = Symbol('logger');

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names that must never reach a log, wherever they stand. A second fence: nobody is to log them in the first place. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'clientSecret',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'privateKey',
  'credentials',
  'webhookSecrets',
];

const DEPTHS = ['', '*.', '*.*.'];
const STDERR = 2;

/**
 * Structured logs, one JSON object a line, on stderr: stdout belongs to what a command prints. Every line carries the
 * run and connection it belongs to; errors lose what may quote data.
 */
export function createLogger(options: {
  readonly level: LogLevel;
  readonly destination?: DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => currentContext(),
      hooks: {
        // Without words of the caller's, pino takes the error's, which may quote data.
        logMethod(args, method) {
          const [first] = args;
          if (args.length === 1 && typeof first === 'object') method.call(this, first, 'an event');
          else method.apply(this, args);
        },
      },
      serializers: { err: (error: unknown) => safeError(error) },
      redact: {
        paths: DEPTHS.flatMap((depth) => SECRET_NAMES.map((name) => `${depth}${name}`)),
        censor: '[hidden]',
      },
    },
    options.destination ?? pino.destination({ fd: STDERR, sync: true }),
  );
}
