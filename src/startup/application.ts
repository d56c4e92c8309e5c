import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { setUpDocs } from '../api/docs.js';
import { AppModule } from '../app.module.js';
import type { SyncRole } from '../sync/sync.module.js';
import { setUpHttp } from './http.js';
import { startUp, type Startup, type StartUpOptions } from './start-up.js';

/** Nest throws what went wrong instead of ending the process by itself. */
const OPTIONS = { bufferLogs: true, abortOnError: false } as const;

/**
 * The application without HTTP: a worker, or a command that works by itself. `close()` finishes or hands back the jobs
 * at hand and takes everything down.
 */
export async function openContext(
  options: StartUpOptions & { readonly role: SyncRole },
): Promise<INestApplicationContext> {
  return assemble(await startUp(options), (startup) =>
    NestFactory.createApplicationContext(AppModule.forRoot(startup, options.role), OPTIONS),
  );
}

/** The application with HTTP; it listens once told to. */
export async function openServer(
  options: StartUpOptions & { readonly role: SyncRole },
): Promise<NestExpressApplication> {
  return assemble(await startUp(options), async (startup) => {
    const module = AppModule.forRoot(startup, options.role);
    const app = await NestFactory.create<NestExpressApplication>(module, { ...OPTIONS, bodyParser: false });
    setUpHttp(app);
    setUpDocs(app);
    return app;
  });
}

/** What was brought up is taken down again when the application cannot be made. */
async function assemble<App extends INestApplicationContext>(
  startup: Startup,
  make: (startup: Startup) => Promise<App>,
): Promise<App> {
  try {
    const app = await make(startup);
    app.useLogger(app.get(Logger));
    return app;
  } catch (error) {
    await startup.close();
    throw error;
  }
}
