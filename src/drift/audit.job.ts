import { Injectable } from '@nestjs/common';
import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { Database } from '../platform/database/index.js';
import { HAND_BACK, type JobContext } from '../platform/jobs/index.js';
import type { JobOutcome } from '../platform/jobs/job.js';
import { ConnectorError } from '../sdk/index.js';
import { enqueueAudit } from '../sync/sync-jobs.js';
import { auditObject } from './audit-object.js';
import { doneParts, findRunning, finishAudit, storePart, type PartKey } from './drift.repository.js';

/** A system that asks to wait for less than this is waited for; for more, its part of the audit ends. */
const LONGEST_WAIT_MS = 30 * 60_000;

class Stopped extends Error {}

/** Compares everything, object by object; what is done stays done when the process ends. */
@Injectable()
export class AuditJob {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
  ) {}

  async run({ auditId }: { auditId: string }, job: JobContext): Promise<JobOutcome> {
    const audit = await findRunning(this.database, auditId);
    if (audit === undefined) return undefined;
    const done = await doneParts(this.database, auditId);
    const { external } = await this.connections.directory();
    for (const connection of external.filter(({ state }) => state === 'active')) {
      for (const setup of connection.objects) {
        if (done.has(`${connection.id} ${setup.object}`)) continue;
        const key = { auditId, connectionId: connection.id, object: setup.object };
        try {
          await this.part(connection, setup, { key, repair: audit.repair, job });
        } catch (error) {
          if (error instanceof Stopped || job.stopping.aborted) return HAND_BACK;
          if (!(error instanceof ConnectorError)) throw error;
          if (await this.waits(auditId, error)) return undefined;
          await this.failed(key, error);
        }
      }
    }
    await this.database.transaction((tx) => finishAudit(tx, auditId));
    return undefined;
  }

  private async part(
    connection: ActiveConnection,
    setup: ObjectSetup,
    { key, repair, job }: { readonly key: PartKey; readonly repair: boolean; readonly job: JobContext },
  ): Promise<void> {
    const session = await this.connections.open(connection, job.signal, { urgency: 'backfill' });
    try {
      const result = await auditObject({
        database: this.database,
        session,
        setup,
        repair,
        check: () => {
          if (job.stopping.aborted) throw new Stopped();
        },
      });
      await this.database.transaction((tx) => storePart(tx, key, result));
    } finally {
      await session.flushCounts(setup.object, null);
    }
  }

  /** The object is begun anew when the system lets it. */
  private async waits(auditId: string, { kind, retryAt }: ConnectorError): Promise<boolean> {
    if (kind !== 'throttled' || retryAt === undefined || retryAt - Date.now() > LONGEST_WAIT_MS) return false;
    await this.database.transaction((tx) => enqueueAudit(tx, auditId, new Date(retryAt)));
    return true;
  }

  private async failed(key: PartKey, { code, message, remedy }: ConnectorError): Promise<void> {
    await this.database.transaction((tx) => storePart(tx, key, { problem: { code, message, remedy } }));
  }
}
