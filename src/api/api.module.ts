import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccessModule } from '../access/index.js';
import { CustomersService } from '../customers/customers.service.js';
import { EditService } from '../customers/edit.service.js';
import { FrozenFieldService } from '../customers/frozen-field.service.js';
import { ExportService } from '../customers/export.service.js';
import { PersonExportService } from '../customers/person-export.service.js';
import { AuditsController } from './audits.controller.js';
import { CandidatesService } from '../identity/candidates.service.js';
import { MergeService } from '../identity/merge.service.js';
import { AuditService } from '../access/audit.service.js';
import { IssuesService } from '../issues/issues.service.js';
import { ConfigurationController } from './configuration.controller.js';
import { ConnectionsController } from './connections.controller.js';
import { AccountsController, CustomersController, DealsController } from './customers.controller.js';
import { ExportsController } from './exports.controller.js';
import { IdentityController } from './identity.controller.js';
import { IssuesController } from './issues.controller.js';
import { KeysController } from './keys.controller.js';
import { PrivacyController } from './privacy.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { RunsController } from './runs.controller.js';

const SERVICES = [
  CustomersService,
  EditService,
  FrozenFieldService,
  ExportService,
  PersonExportService,
  AuditService,
  MergeService,
  CandidatesService,
  IssuesService,
];

/** The HTTP API, with what it and the CLI do for people. */
@Module({})
export class ApiModule {
  /** `imports` export ConnectionsService, ConnectorRegistry, RulesService, CheckService and RunsService. */
  static register(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: ApiModule,
      imports: [AccessModule, ...imports],
      controllers: [
        ConnectionsController,
        RunsController,
        CustomersController,
        AccountsController,
        DealsController,
        IdentityController,
        IssuesController,
        PrivacyController,
        AuditsController,
        ExportsController,
        ConfigurationController,
        KeysController,
      ],
      providers: [...SERVICES, { provide: APP_FILTER, useClass: ProblemFilter }],
      exports: [...SERVICES, AccessModule],
    };
  }
}
