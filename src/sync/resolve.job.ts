import { Injectable } from '@nestjs/common';
import { Database, rows, sql } from '../platform/database/index.js';
import { HAND_BACK, type JobContext } from '../platform/jobs/index.js';
import type { JobOutcome } from '../platform/jobs/job.js';
import { ResolveService } from './resolve.service.js';
import { enqueuePush } from './sync-jobs.js';

/** Resolves until nothing waits. Then writes that waited for it can go. */
@Injectable()
export class ResolveJob {
  constructor(
    private readonly database: Database,
    private readonly resolver: ResolveService,
  ) {}

  async run(_payload: object, job: JobContext): Promise<JobOutcome> {
    while (await this.resolver.step()) {
      if (job.stopping.aborted) return HAND_BACK;
    }
    await this.database.transaction(
      async (tx) => {
        const waiting = await rows<{ id: string }>(
          tx,
          sql`select distinct connection_id::text as id from push_intent where due_at <= now() order by id`,
        );
        for (const { id } of waiting) await enqueuePush(tx, id);
      },
      { durable: false },
    );
    return undefined;
  }
}
