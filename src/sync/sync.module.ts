import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ConnectionsModule } from '../connections/connections.module.js';
import { AuditJob } from '../drift/audit.job.js';
import { AuditsService } from '../drift/audits.service.js';
import { EraseJob } from '../erasure/erase.job.js';
import { ErasedElsewhere } from '../erasure/erased-elsewhere.js';
import { ErasureService } from '../erasure/erasure.service.js';
import { JobRunner } from '../platform/jobs/index.js';
import { RunsService } from '../runs/runs.service.js';
import { ApprovalService } from './approval.service.js';
import { DryRunService } from './dry-run.service.js';
import { FetchJob } from './fetch.job.js';
import { Housekeeping } from './housekeeping.js';
import { JobHandlers } from './job-handlers.js';
import { PullJob } from './pull.job.js';
import { PullService } from './pull.service.js';
import { PushJob } from './push.job.js';
import { PushService } from './push.service.js';
import { ResolveJob } from './resolve.job.js';
import { ResolveService } from './resolve.service.js';
import { Schedule } from './schedule.js';
import { Streams } from './streams/streams.js';
import { UndoService } from './undo.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** What this process does for the sync engine beside answering calls. */
export interface SyncRole {
  /** Runs jobs. */
  readonly work: boolean;
  /** Starts syncs when they are due, and listens to systems that tell of changes by themselves. */
  readonly schedule: boolean;
}

const ROLE = Symbol('role in sync');

/** The sync engine: it begins with the application and ends with it. */
@Module({})
export class SyncModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ROLE) private readonly role: SyncRole,
    private readonly handlers: JobHandlers,
    private readonly runner: JobRunner,
    private readonly housekeeping: Housekeeping,
    private readonly schedule: Schedule,
    private readonly streams: Streams,
  ) {}

  static register(role: SyncRole): DynamicModule {
    return {
      module: SyncModule,
      imports: [ConnectionsModule, ScheduleModule.forRoot()],
      controllers: [WebhooksController],
      providers: [
        { provide: ROLE, useValue: role },
        RunsService,
        DryRunService,
        ApprovalService,
        UndoService,
        PullService,
        PushService,
        ResolveService,
        PullJob,
        FetchJob,
        ResolveJob,
        PushJob,
        EraseJob,
        AuditJob,
        AuditsService,
        ErasureService,
        ErasedElsewhere,
        JobHandlers,
        Housekeeping,
        Schedule,
        Streams,
        WebhooksService,
      ],
      exports: [
        RunsService,
        DryRunService,
        ApprovalService,
        UndoService,
        ResolveService,
        ErasureService,
        AuditsService,
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    try {
      if (this.role.work) {
        this.handlers.register();
        await this.runner.start();
        this.housekeeping.start();
      }
      if (this.role.schedule) {
        await this.schedule.start();
        this.streams.start();
      }
    } catch (error) {
      // Nest takes nothing down that did not come up whole.
      await this.beforeApplicationShutdown();
      await this.runner.stop();
      throw error;
    }
  }

  /** Nothing new begins from here on; the runner finishes or hands back what is at hand by itself. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.streams.stop();
    await this.schedule.stop();
    await this.housekeeping.stop();
  }
}
