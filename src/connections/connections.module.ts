import { Module } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import { RulesService } from '../rules/rules.service.js';
import { ApplyService } from './apply/apply.service.js';
import { CheckService } from './check.js';
import { ConnectionHttp } from './connection-http.js';
import { ConnectionsService } from './connections.service.js';
import { ConnectorRegistry } from './connector-registry.js';
import { configuredPackages } from './packages.repository.js';
import { StrayErrors } from './stray-errors.js';

/** The connectors there are, the connections configured with them, and the rules over what they say. */
@Module({
  providers: [
    {
      provide: ConnectorRegistry,
      inject: [Database, LOGGER],
      useFactory: async (database: Database, logger: Logger) => {
        const registry = await ConnectorRegistry.load();
        await registry.usePackages(await configuredPackages(database));
        for (const problem of registry.problems()) {
          logger.warn(
            { connector: problem.source },
            `a connector cannot be used: ${problem.message} ${problem.remedy}`,
          );
        }
        return registry;
      },
    },
    ConnectionHttp,
    ConnectionsService,
    RulesService,
    ApplyService,
    CheckService,
    StrayErrors,
  ],
  exports: [ConnectorRegistry, ConnectionHttp, ConnectionsService, RulesService, ApplyService, CheckService],
})
export class ConnectionsModule {}
