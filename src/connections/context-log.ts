import type { Logger } from '../platform/telemetry/index.js';
import type { Log } from '../sdk/index.js';
import type { ActiveConnection } from './active-connection.js';

let logger: Logger | undefined;

/** Names the process's logger; what connectors log before that is lost. */
export function sendContextLogsTo(target: Logger): void {
  logger = target;
}

/** What a connector logs: with the connection's name, and the run and job it works for. */
export function contextLog(connection: Pick<ActiveConnection, 'name'>): Log {
  const write =
    (level: 'debug' | 'info' | 'warn'): Log['info'] =>
    (message, fields) => {
      logger?.[level]({ ...fields, connection: connection.name }, message);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn') };
}
