import {
  execute,
  firstRow,
  json,
  rows,
  sql,
  type Queryable,
  type Transaction,
} from '../platform/database/index.js';
import type { JsonObject } from '../sdk/index.js';
import type { ObjectResult } from './audit-object.js';
import type { Finding, Reason } from './reason.js';

export interface NewAudit {
  readonly id: string;
  readonly trigger: 'manual' | 'schedule';
  readonly repair: boolean;
  readonly by: string;
  readonly scheduleKey: string | null;
}

/** False when an audit with the same schedule key is there already. What older audits listed goes; their counts stay. */
export async function insertAudit(tx: Transaction, audit: NewAudit): Promise<boolean> {
  const inserted = await execute(
    tx,
    sql`insert into drift_audit (id, trigger, repair, by, schedule_key)
     values (${audit.id}::uuid, ${audit.trigger}, ${audit.repair}, ${audit.by}, ${audit.scheduleKey})
     on conflict (schedule_key) do nothing`,
  );
  if (inserted === 0) return false;
  await execute(tx, sql`delete from drift_finding where audit_id <> ${audit.id}::uuid`);
  return true;
}

/** Objects (`connectionId object`) that are done, so that an audit that was interrupted goes on behind them. */
export async function doneParts(db: Queryable, auditId: string): Promise<ReadonlySet<string>> {
  const found = await rows<{ key: string }>(
    db,
    sql`select connection_id::text || ' ' || object as key from drift_part where audit_id = ${auditId}::uuid`,
  );
  return new Set(found.map((row) => row.key));
}

export interface PartKey {
  readonly auditId: string;
  readonly connectionId: string;
  readonly object: string;
}

export async function storePart(
  tx: Transaction,
  key: PartKey,
  result: ObjectResult | { readonly problem: JsonObject },
): Promise<void> {
  const { read, linked, identical, reasons, findings } =
    'problem' in result
      ? { read: 0, linked: 0, identical: 0, reasons: {}, findings: [] as readonly Finding[] }
      : result;
  await execute(
    tx,
    sql`insert into drift_part (audit_id, connection_id, object, read, linked, identical, reasons, problem)
     values (${key.auditId}::uuid, ${key.connectionId}::uuid, ${key.object}, ${read}, ${linked}, ${identical},
             ${json(reasons)}, ${'problem' in result ? json(result.problem) : sql`null`})
     on conflict do nothing`,
  );
  await execute(
    tx,
    sql`insert into drift_finding (audit_id, connection_id, object, external_id, golden_id, reason, fields)
     select ${key.auditId}::uuid, ${key.connectionId}::uuid, ${key.object}, f."externalId", f."goldenId", f.reason, f.fields
       from jsonb_to_recordset(${json(findings)}) as f("externalId" text, "goldenId" uuid, reason text, fields jsonb)`,
  );
}

export async function findRunning(db: Queryable, auditId: string): Promise<{ repair: boolean } | undefined> {
  return firstRow(db, sql`select repair from drift_audit where id = ${auditId}::uuid and state = 'running'`);
}

export async function finishAudit(tx: Transaction, auditId: string): Promise<void> {
  await execute(
    tx,
    sql`update drift_audit set state = 'done', finished_at = now() where id = ${auditId}::uuid and state = 'running'`,
  );
}

export interface AuditPart {
  readonly connection: string;
  readonly object: string;
  readonly read: number;
  readonly linked: number;
  readonly identical: number;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  /** Its cursor, or webhooks, did not bring all there was. */
  readonly missed: boolean;
  readonly problem: JsonObject | null;
}

export interface AuditView {
  readonly id: string;
  readonly trigger: NewAudit['trigger'];
  readonly repair: boolean;
  readonly by: string;
  readonly state: 'running' | 'done';
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** Linked records that are identical everywhere, 0 to 1; null when there are none. */
  readonly share: number | null;
  readonly parts: readonly AuditPart[];
}

export interface ListedFinding {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  readonly customerId: string | null;
  readonly reason: Reason;
  readonly fields: readonly string[];
}

const VIEW = sql`a.id::text as id, a.trigger, a.repair, a.by, a.state, a.started_at as "startedAt", a.finished_at as "finishedAt",
  (select sum(p.identical)::float8 / nullif(sum(p.linked), 0) from drift_part p where p.audit_id = a.id) as share,
  coalesce((select json_agg(json_build_object('connection', c.name, 'object', p.object, 'read', p.read, 'linked', p.linked,
                     'identical', p.identical, 'reasons', p.reasons, 'problem', p.problem,
                     'missed', p.reasons ?| array['missing-record', 'missed-change', 'missed-deletion'])
                     order by c.position, c.name, p.object)
              from drift_part p join connection c on c.id = p.connection_id where p.audit_id = a.id), '[]') as parts`;

/** Newest first. */
export async function listAudits(db: Queryable, limit: number): Promise<AuditView[]> {
  return rows(
    db,
    sql`select ${VIEW} from drift_audit a order by a.started_at desc, a.id limit ${limit}::int`,
  );
}

export async function findAudit(db: Queryable, id: string): Promise<AuditView | undefined> {
  return firstRow(db, sql`select ${VIEW} from drift_audit a where a.id = ${id}::uuid`);
}

/** What the audit listed: a bounded number for each reason; gone once a newer audit began. */
export async function findingsOf(db: Queryable, auditId: string): Promise<ListedFinding[]> {
  return rows(
    db,
    sql`select c.name as connection, f.object, f.external_id as "externalId", f.golden_id::text as "customerId", f.reason, f.fields
       from drift_finding f join connection c on c.id = f.connection_id
      where f.audit_id = ${auditId}::uuid order by f.id`,
  );
}
