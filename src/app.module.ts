import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ApiModule } from './api/api.module.js';
import { ConnectionsModule } from './connections/connections.module.js';
import { DoctorModule } from './doctor/doctor.module.js';
import { HealthModule } from './health/health.module.js';
import { httpLogging } from './platform/telemetry/index.js';
import { CoreModule } from './startup/core.module.js';
import type { Startup } from './startup/start-up.js';
import { SyncModule, type SyncRole } from './sync/sync.module.js';

/** The whole application. `serve`, `worker` and the commands of the CLI differ only in what they do with it. */
@Module({})
export class AppModule {
  static forRoot(startup: Startup, role: SyncRole): DynamicModule {
    const sync = SyncModule.register(role);
    return {
      module: AppModule,
      imports: [
        CoreModule.forRoot(startup),
        LoggerModule.forRoot(httpLogging(startup.logger)),
        ConnectionsModule,
        sync,
        ApiModule.register([ConnectionsModule, sync]),
        HealthModule,
        DoctorModule,
      ],
    };
  }
}
