import { Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import { Database } from '../database/database.js';
import { LOGGER, type Logger } from '../telemetry/logger.js';
import { JobRunner } from './runner.js';

/**
 * Gives features the {@link JobRunner} to register their handlers with. Whoever makes the application starts it once
 * all are registered; it stops before anything else is taken down.
 */
@Module({})
export class JobsModule implements BeforeApplicationShutdown {
  constructor(private readonly runner: JobRunner) {}

  static register(options: { readonly concurrency: number }): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      providers: [
        {
          provide: JobRunner,
          inject: [Database, LOGGER],
          useFactory: (database: Database, logger: Logger) =>
            new JobRunner({ url: database.options.url, logger, concurrency: options.concurrency }),
        },
      ],
      exports: [JobRunner],
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.stop();
  }
}
