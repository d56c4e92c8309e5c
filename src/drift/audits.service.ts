import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { recordAction } from '../access/audit.repository.js';
import { isUuid } from '../customers/golden.repository.js';
import { RequestError } from '../customers/request-error.js';
import { Database } from '../platform/database/index.js';
import { enqueueAudit } from '../sync/sync-jobs.js';
import {
  findAudit,
  findingsOf,
  insertAudit,
  listAudits,
  type AuditView,
  type ListedFinding,
} from './drift.repository.js';

const SHOWN = 50;

/** Audits: does every system hold what the hub believes, and does all agree? */
@Injectable()
export class AuditsService {
  constructor(private readonly database: Database) {}

  async start(request: {
    readonly repair: boolean;
    readonly by: string;
  }): Promise<{ readonly auditId: string }> {
    const id = randomUUID();
    await this.database.transaction(async (tx) => {
      await insertAudit(tx, { ...request, id, trigger: 'manual', scheduleKey: null });
      await recordAction(tx, {
        by: request.by,
        action: 'audit',
        subject: null,
        details: { auditId: id, repair: request.repair },
      });
      await enqueueAudit(tx, id);
    });
    return { auditId: id };
  }

  /** Null when another process has started the audit that is due at this minute. */
  async startDue(scheduleKey: string, repair: boolean): Promise<{ readonly auditId: string } | null> {
    const id = randomUUID();
    return this.database.transaction(async (tx) => {
      const audit = { id, trigger: 'schedule', repair, by: 'the schedule', scheduleKey } as const;
      if (!(await insertAudit(tx, audit))) return null;
      await enqueueAudit(tx, id);
      return { auditId: id };
    });
  }

  async list(): Promise<readonly AuditView[]> {
    return listAudits(this.database, SHOWN);
  }

  async latest(): Promise<AuditView | null> {
    const [latest] = await listAudits(this.database, 1);
    return latest ?? null;
  }

  /** @throws RequestError of kind unknown */
  async find(id: string): Promise<AuditView & { readonly findings: readonly ListedFinding[] }> {
    const found = isUuid(id) ? await findAudit(this.database, id) : undefined;
    if (found !== undefined) return { ...found, findings: await findingsOf(this.database, id) };
    throw new RequestError({
      kind: 'unknown',
      message: 'There is no such audit.',
      remedy: 'List them: `GET /api/v1/audits`.',
    });
  }
}
