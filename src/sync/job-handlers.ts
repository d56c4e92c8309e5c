import { Injectable } from '@nestjs/common';
import { JobRunner, type JobContext, type JobDefinition } from '../platform/jobs/index.js';
import type { JobOutcome } from '../platform/jobs/job.js';
import { AuditJob } from '../drift/audit.job.js';
import { EraseJob } from '../erasure/erase.job.js';
import { withContext } from '../platform/telemetry/index.js';
import { FetchJob } from './fetch.job.js';
import { Housekeeping } from './housekeeping.js';
import { PullJob } from './pull.job.js';
import { PushJob } from './push.job.js';
import { ResolveJob } from './resolve.job.js';
import { auditJob, eraseJob, fetchJob, pullJob, pushJob, resolveJob } from './sync-jobs.js';

interface Handler<Payload> {
  run(payload: Payload, context: JobContext): Promise<JobOutcome>;
}

/** The handlers of the sync jobs; what they log says which job, and which run, it is for. */
@Injectable()
export class JobHandlers {
  constructor(
    private readonly runner: JobRunner,
    private readonly pull: PullJob,
    private readonly fetch: FetchJob,
    private readonly resolve: ResolveJob,
    private readonly push: PushJob,
    private readonly erase: EraseJob,
    private readonly audit: AuditJob,
    private readonly housekeeping: Housekeeping,
  ) {}

  /** Once, before the runner starts. */
  register(): void {
    this.handle(pullJob, this.pull, ({ runId }) => ({ runId }));
    this.handle(fetchJob, this.fetch);
    this.handle(resolveJob, this.resolve);
    this.handle(pushJob, this.push);
    this.handle(eraseJob, this.erase);
    this.handle(auditJob, this.audit);
  }

  private handle<Payload>(
    job: JobDefinition<Payload>,
    handler: Handler<NoInfer<Payload>>,
    contextOf: (payload: Payload) => { readonly runId?: string } = () => ({}),
  ): void {
    this.runner.register(job, async (payload, context) => {
      try {
        return await withContext({ ...contextOf(payload), jobId: context.id }, () =>
          handler.run(payload, context),
        );
      } finally {
        this.housekeeping.settleSoon();
      }
    });
  }
}
