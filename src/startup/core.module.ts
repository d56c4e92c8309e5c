import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { JobsModule } from '../platform/jobs/index.js';
import { Vault } from '../platform/secrets/index.js';
import { TelemetryModule } from '../platform/telemetry/index.js';
import { PROCESS_SETTINGS } from './settings.js';
import type { Startup } from './start-up.js';

const STARTUP = Symbol('startup');

/** Gives every feature what was brought up before Nest; takes it down after everything else. */
@Module({})
export class CoreModule implements OnApplicationShutdown {
  constructor(@Inject(STARTUP) private readonly startup: Startup) {}

  static forRoot(startup: Startup): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      imports: [
        TelemetryModule.register(startup.logger),
        // No pool of workers is ever empty; whether this one starts is the sync module's business.
        JobsModule.register({ concurrency: Math.max(1, startup.settings.workers) }),
      ],
      providers: [
        { provide: STARTUP, useValue: startup },
        { provide: PROCESS_SETTINGS, useValue: startup.settings },
        { provide: Database, useValue: startup.database },
        { provide: Vault, useValue: startup.vault },
      ],
      exports: [PROCESS_SETTINGS, Database, Vault],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.startup.close();
  }
}
