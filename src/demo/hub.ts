/** The hub as `rapport serve` runs it, within the demo's process and with a data folder of its own. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { pino } from 'pino';
import { setUpDocs } from '../api/docs.js';
import { AppModule } from '../app.module.js';
import { ApplyService } from '../connections/apply/apply.service.js';
import { sendContextLogsTo } from '../connections/context-log.js';
import { createLogger } from '../platform/telemetry/index.js';
import { setUpHttp } from '../startup/http.js';
import { startUp } from '../startup/start-up.js';

export interface DemoHub {
  readonly url: string;
  readonly dataDir: string;
  readonly logFile: string;
  get<T>(service: Type<T>): T;
  /** Writes the configuration next to the database and puts it in force; returns where it is. */
  configure(text: string, environment: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
  /** Removes the data folder; after `close`. */
  forget(): void;
}

/** What the configuration says about itself that cannot be used: a bug of the demo. */
export class DemoError extends Error {}

export async function startHub(): Promise<DemoHub> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-demo-'));
  // The database server may run as another user, who has to get through.
  chmodSync(dataDir, 0o755);
  const logFile = join(dataDir, 'rapport.log');
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const environment = { RAPPORT_DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: String(port), PUBLIC_URL: url };
  const startup = await startUp({ environment, logLevel: 'error' });
  const logger = createLogger({
    level: 'info',
    destination: pino.destination({ dest: logFile, sync: true }),
  });
  sendContextLogsTo(logger);
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot({ ...startup, logger }, { work: true, schedule: true }),
    { bufferLogs: true, abortOnError: false, bodyParser: false },
  );
  app.useLogger(app.get(Logger));
  setUpHttp(app);
  setUpDocs(app);
  await app.listen(port, '127.0.0.1');
  const get = <T>(service: Type<T>): T => app.get(service, { strict: false });
  return {
    url,
    dataDir,
    logFile,
    get,
    configure: async (text, secrets) => {
      const path = join(dataDir, 'rapport.yaml');
      writeFileSync(path, text);
      const result = await get(ApplyService).apply(text, { path, env: secrets, dryRun: false });
      if (!result.ok) {
        const problems = result.problems.map(
          ({ line, path: where, message }) => `line ${String(line)}, ${where}: ${message}`,
        );
        throw new DemoError(`The demo's own configuration is refused.\n${problems.join('\n')}`);
      }
      return path;
    },
    close: () => app.close(),
    forget: () => {
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Webhooks are signed over the public address, so it has to be known before the hub listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
