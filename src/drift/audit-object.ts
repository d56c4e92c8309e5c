import type { ObjectSetup } from '../connections/active-connection.js';
import type { ConnectionSession } from '../connections/connections.service.js';
import { DEFAULT_LIMITS, isTooMany } from '../core/breaker/index.js';
import { hashesOf, recordMark } from '../erasure/marks.js';
import { anySuppression, suppressedOf } from '../erasure/suppression.repository.js';
import type { Database } from '../platform/database/index.js';
import type { PullPage, SourceRecord, Tombstone } from '../sdk/index.js';
import { countLive } from '../sync/gate.repository.js';
import { ingest } from '../sync/ingest.js';
import { addResolveTasks } from '../sync/ingest.repository.js';
import { hidden } from '../sync/reading-guard.js';
import { enqueueResolve } from '../sync/sync-jobs.js';
import { withMissing } from '../sync/with-missing.js';
import { compareRecord, type ObjectFacts, type PageFacts } from './compare.js';
import { heldRecords, knownUpTo, loadPageFacts, type HeldRecord } from './page.repository.js';
import { MISSED, REPAIRED, type Finding, type Reason } from './reason.js';
import { Latest, Seen } from './seen.js';

/** What an audit found in one object. */
export interface ObjectResult {
  readonly read: number;
  readonly linked: number;
  readonly identical: number;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  /** A bounded number for each reason. */
  readonly findings: readonly Finding[];
}

export interface AuditOptions {
  readonly database: Database;
  readonly session: ConnectionSession;
  readonly setup: ObjectSetup;
  readonly repair: boolean;
  /** Throws when the audit is to end. */
  readonly check: () => void;
}

/** Records that the hub never read and that are known again when they come twice. */
const STRANGERS = 20_000;
/** Findings of one reason that are listed; all are counted. */
const LISTED = 500;

/**
 * Reads all of an object again and compares it page by page with what the hub believes. Neither cursor nor system is
 * touched; with `repair` what was missed is taken in as if it had just been read, for the engine to heal.
 *
 * @throws ConnectorError when the system cannot be read, or lacks too many records for a repair to follow
 */
export async function auditObject(options: AuditOptions): Promise<ObjectResult> {
  const { database, session, setup } = options;
  const { connection, context } = session;
  const key = { connectionId: connection.id, object: setup.object };
  const began = new Date();
  const tally = new Tally();
  const seen = new Seen();
  const upTo = await knownUpTo(database, key);
  const object = (): ObjectFacts => ({
    connection,
    setup,
    knownUpTo: upTo,
    clockOffsetMs: session.clockOffsetMs(),
  });
  const pages = connection.connector.pull(context, {
    object: setup.object,
    properties: setup.properties,
    cursor: null,
  });
  const strangers = new Latest(STRANGERS);
  for await (const whole of pages) {
    options.check();
    const ids = [...whole.records, ...whole.tombstones].map((record) => record.id);
    const facts = await loadPageFacts(database, key, ids);
    // Some systems bring a record twice in one reading.
    const isNew = ({ id }: { readonly id: string }): boolean => {
      const stored = facts.stored.get(id);
      return stored === undefined ? !strangers.has(id) : !seen.has(stored.id);
    };
    const page = {
      ...whole,
      records: whole.records.filter(isNew),
      tombstones: whole.tombstones.filter(isNew),
    };
    for (const record of facts.stored.values()) seen.add(record.id);
    for (const { id } of page.records) if (!facts.stored.has(id)) strangers.add(id);
    const findings = await withoutErased(options, [
      ...page.records.flatMap((record) => compareRecord(record, page.readAt, facts, object()) ?? []),
      ...goneIn(page, facts, object()),
    ]);
    tally.add(page, facts, findings);
    if (options.repair) await repair(options, page, findings);
  }
  // A full read without a page (a file that is not there) is no word on what it would hold.
  if (tally.read === 0) return tally.result();
  if (options.repair) await needMost(options, seen);
  await missingOnes(options, { seen, began, tally });
  return tally.result();
}

class Tally {
  read = 0;
  private linked = 0;
  private identical = 0;
  private readonly reasons: Partial<Record<Reason, number>> = {};
  private readonly findings: Finding[] = [];

  add(page: PullPage<unknown>, facts: PageFacts, findings: readonly Finding[]): void {
    this.read += page.records.length;
    const wrong = new Set(
      findings.filter(({ reason }) => reason !== 'one-way').map((finding) => finding.externalId),
    );
    for (const record of new Set(page.records.map(({ id }) => id))) {
      if (facts.stored.get(record)?.goldenId == null) continue;
      this.linked += 1;
      if (!wrong.has(record)) this.identical += 1;
    }
    this.note(findings);
  }

  note(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const count = (this.reasons[finding.reason] ?? 0) + 1;
      this.reasons[finding.reason] = count;
      // As it is configured: counted, and no more.
      if (count <= LISTED && finding.reason !== 'one-way') this.findings.push(finding);
    }
  }

  /** Records that are linked, and not there. */
  lose(findings: readonly Finding[]): void {
    this.linked += findings.filter((finding) => finding.goldenId !== null).length;
    this.note(findings);
  }

  result(): ObjectResult {
    const { read, linked, identical, reasons, findings } = this;
    return { read, linked, identical, reasons, findings };
  }
}

/** Records that the page says are gone, and that the hub believes to be there. */
function goneIn(page: PullPage<unknown>, facts: PageFacts, object: ObjectFacts): Finding[] {
  return page.tombstones.flatMap(({ id, deletedAt }): Finding[] => {
    const stored = facts.stored.get(id);
    if (stored === undefined || stored.deleted || page.readAt <= stored.writtenAt) return [];
    const at = deletedAt === undefined ? 0 : Date.parse(deletedAt) - object.clockOffsetMs;
    const reason = at > object.knownUpTo ? 'not-read-yet' : 'missed-deletion';
    return [{ externalId: id, recordId: stored.id, goldenId: stored.goldenId, reason, fields: [] }];
  });
}

/** An erased person's record is not missing: it is kept out. */
async function withoutErased(
  { database, session, setup }: AuditOptions,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const { id: connectionId, keyedHash } = session.connection;
  const unknown = findings.filter((finding) => finding.recordId === null);
  if (unknown.length === 0 || !(await anySuppression(database))) return findings;
  const hashOf = ({ externalId }: Finding): string => {
    const mark = recordMark({ connectionId, object: setup.object, externalId });
    return hashesOf([mark], keyedHash)[0]?.hash ?? '';
  };
  const erased = await suppressedOf(database, unknown.map(hashOf));
  return findings.filter((finding) => finding.recordId !== null || !erased.has(hashOf(finding)));
}

/** So many missing ones are not followed on the mere word of an absence. */
async function needMost({ database, session, setup }: AuditOptions, seen: Seen): Promise<void> {
  const { id, name } = session.connection;
  const limits = setup.policy.breaker ?? DEFAULT_LIMITS;
  const known = await countLive(database.prisma, id, setup.object);
  if (limits !== false && isTooMany(known - seen.size, known, limits))
    throw hidden({ connection: name, object: setup.object });
}

/** What was missed is taken in the way a read goes; what differs for no reason is planned anew. */
async function repair(
  { database, session, setup }: AuditOptions,
  batch: {
    readonly records: readonly SourceRecord[];
    readonly tombstones: readonly Tombstone[];
    readonly readAt: number;
  },
  findings: readonly Finding[],
): Promise<void> {
  const wrong = new Map(
    findings.filter(({ reason }) => REPAIRED.has(reason)).map((one) => [one.externalId, one]),
  );
  if (wrong.size === 0) return;
  const missed = ({ id }: { readonly id: string }): boolean =>
    MISSED.has(wrong.get(id)?.reason ?? 'unexplained');
  await database.transaction(async (tx) => {
    await ingest(
      tx,
      {
        records: batch.records.filter(missed),
        tombstones: batch.tombstones.filter(missed),
        readAt: batch.readAt,
      },
      {
        connection: session.connection,
        setup,
        runId: null,
        counted: false,
        clockOffsetMs: session.clockOffsetMs(),
      },
    );
    const unexplained = [...wrong.values()].filter(({ reason }) => reason === 'unexplained');
    await addResolveTasks(
      tx,
      'record',
      unexplained.flatMap((finding) => finding.recordId ?? []),
      null,
    );
    await enqueueResolve(tx);
  });
}

/** Records that the hub believes to be there and that the full read did not bring, each asked for by its id. */
async function missingOnes(
  options: AuditOptions,
  { seen, began, tally }: { readonly seen: Seen; readonly began: Date; readonly tally: Tally },
): Promise<void> {
  const { database, session, setup } = options;
  const { connection, context } = session;
  const key = { connectionId: connection.id, object: setup.object };
  const limit = setup.declaration.batch.read;
  let after = '0';
  for (;;) {
    options.check();
    const held = await heldRecords(database, key, { after, before: began, limit });
    const last = held.at(-1);
    if (last === undefined) return;
    after = last.id;
    const unseen = held.filter((record) => !seen.has(record.id));
    if (unseen.length === 0) continue;
    const ids = unseen.map((record) => record.externalId);
    const readAt = context.clock.now();
    const request = { object: setup.object, ids, properties: setup.properties };
    const found = (await connection.connector.read?.(context, request)) ?? {
      records: [],
      tombstones: [],
      readAt,
    };
    const { tombstones } = withMissing(ids, found);
    const findings = lostOf(unseen, tombstones);
    tally.lose(findings);
    if (options.repair) await repair(options, { records: [], tombstones, readAt: found.readAt }, findings);
  }
}

function lostOf(unseen: readonly HeldRecord[], tombstones: readonly Tombstone[]): Finding[] {
  const gone = new Set(tombstones.map((tombstone) => tombstone.id));
  return unseen
    .filter((record) => gone.has(record.externalId))
    .map(({ id, externalId, goldenId }) => ({
      externalId,
      recordId: id,
      goldenId,
      reason: 'missed-deletion',
      fields: [],
    }));
}
