import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeysService } from '../access/api-keys.service.js';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import { openContext, openServer } from './application.js';
import { rootWarning } from './root-warning.js';
import { PROCESS_SETTINGS, settingsFrom, type ProcessSettings } from './settings.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const DIED = 1;

/** Serves HTTP, starts what is due, and runs jobs too unless RAPPORT_WORKERS is 0. Ends with a signal. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  await runUntilStopped(async (onLost) => {
    const role = { work: settingsFrom(environment).workers > 0, schedule: true };
    const app = await openServer({ environment, onLost, role });
    try {
      const { host, port } = app.get<ProcessSettings>(PROCESS_SETTINGS);
      await app.listen(port, host);
      app.get<Logger>(LOGGER).info({ url: await app.getUrl() }, 'Rapport serves');
      tellFirstKey(await app.get(ApiKeysService, { strict: false }).ensureFirstKey());
    } catch (error) {
      await app.close();
      throw error;
    }
    return app;
  });
}

/** To the terminal and never to the log: it is shown this once. */
function tellFirstKey(key: string | null): void {
  if (key === null) return;
  process.stderr.write(
    `\nThe first API key, with the scope admin. It is not shown again; keep it safe:\n  ${key}\n\n`,
  );
}

/** Runs jobs, and starts what is due. Ends with a signal. */
export async function work(environment: NodeJS.ProcessEnv): Promise<void> {
  await runUntilStopped(async (onLost) => {
    const app = await openContext({ environment, onLost, role: { work: true, schedule: true } });
    app.get<Logger>(LOGGER).info('Rapport works');
    return app;
  });
}

/**
 * Resolves when the application has been taken down: after a signal, or because its database is gone (the exit code
 * says so then). A signal that comes while it is being brought up ends it as soon as it is up.
 */
async function runUntilStopped(
  open: (onLost: (error: unknown) => void) => Promise<INestApplicationContext>,
): Promise<void> {
  const stop = Promise.withResolvers<'signal' | 'lost'>();
  const onSignal = (): void => {
    stop.resolve('signal');
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    const app = await open(() => {
      stop.resolve('lost');
    });
    const logger = app.get<Logger>(LOGGER);
    const warning = rootWarning(process.getuid?.());
    if (warning !== undefined) logger.warn(warning);
    const reason = await stop.promise;
    if (reason === 'lost') {
      process.exitCode = DIED;
      logger.fatal('the database is gone for good; ending');
    } else logger.info('ending: what is at hand is finished or handed back');
    await app.close();
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
