import type { ConnectionDirectory } from '../connections/directory.js';
import {
  refusedByRecord,
  refusedCreatesOf,
  standingIssues,
  type StandingIssue,
} from '../issues/issue.repository.js';
import { firstRow, sql, type Transaction } from '../platform/database/index.js';
import { connectionsWithCandidates } from './candidates.repository.js';
import type { PlanningFacts } from './intents.js';
import { loadPresences, referencedBy } from './push-facts.js';
import type { Survived } from './surviving.js';

/** What planning must know, and what stands there that it may make void. */
export interface LoadedFacts extends PlanningFacts {
  /** Fingerprints of the issues that there are. */
  readonly told: ReadonlySet<string>;
  /** Whether writes of any of the golden records wait already. */
  readonly waits: boolean;
}

interface Standing {
  readonly issues: readonly StandingIssue[];
  readonly waits: boolean;
}

const NOTHING_STANDS: Standing = { issues: [], waits: false };

async function loadStanding(
  tx: Transaction,
  goldenIds: readonly string[],
  recordIds: readonly string[],
): Promise<Standing> {
  if (goldenIds.length === 0) return NOTHING_STANDS;
  const found = await firstRow<Standing>(
    tx,
    sql`select (select coalesce(json_agg(i), '[]') from (${standingIssues(goldenIds, recordIds)}) i) as issues,
            exists (select from push_intent p where p.golden_id = any(${goldenIds}::uuid[])) as waits`,
  );
  return found ?? NOTHING_STANDS;
}

/**
 * Of what is new there are no issues yet, and no questions but those that came up just now.
 *
 * @param asks whether a person is asked about new records too
 * @param asksAny whether a person is asked about any record at all
 */
export async function loadPlanningFacts(
  tx: Transaction,
  survived: readonly Survived[],
  {
    directory,
    asks,
    asksAny,
  }: { readonly directory: ConnectionDirectory; readonly asks: boolean; readonly asksAny: boolean },
): Promise<LoadedFacts> {
  const known = survived.filter((golden) => !golden.isNew);
  const ids = known.map((golden) => golden.id);
  const records = known.flatMap((golden) => golden.records.map((record) => record.id));
  const { issues: open, waits } = await loadStanding(tx, ids, records);
  const ofRecords = open.flatMap((issue) =>
    issue.recordId !== null && issue.operation === 'write' ? [{ ...issue, recordId: issue.recordId }] : [],
  );
  const presences = await loadPresences(
    tx,
    directory.external.map((connection) => connection.id),
    referencedBy(survived.map((golden) => golden.write)),
  );
  const asked = asks ? survived.map((golden) => golden.id) : ids;
  const waiting = asks || asksAny ? await connectionsWithCandidates(tx, asked) : [];
  return {
    directory,
    recordsOf: (connectionId, goldenId) => presences.get(connectionId)?.get(goldenId)?.live ?? [],
    issuesOf: Map.groupBy(ofRecords, (issue) => issue.recordId),
    refusedUpdates: refusedByRecord(ofRecords),
    refusedCreates: refusedCreatesOf(open),
    undecidedIn: new Set(waiting.map((pair) => `${pair.goldenId}|${pair.connectionId}`)),
    told: new Set(open.map((issue) => issue.fingerprint)),
    waits,
  };
}
