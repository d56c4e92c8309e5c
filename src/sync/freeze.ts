import { countSwings, SWINGS, WINDOW_MS, type Turn } from '../core/freeze/index.js';
import type { FieldChange } from '../core/survivorship/index.js';
import { HUB_CONNECTION, type ConnectionDirectory } from '../connections/directory.js';
import { clearIssues, reportIssues, type IssueTarget } from '../issues/issue.repository.js';
import type { Transaction } from '../platform/database/database.js';
import { execute, json, rows, sql } from '../platform/database/sql.js';
import type { Survived } from './surviving.js';

interface Suspect {
  readonly golden: Survived;
  readonly change: FieldChange;
}

/**
 * Freezes the fields that just swung between two systems once too often: from here on they are pushed nowhere, and an
 * issue asks for a decision. Golden values go on following the rules. One statement, and only where a value changed that was not
 * old itself; two more where something is frozen.
 */
export async function freezeSwinging(
  tx: Transaction,
  survived: readonly Survived[],
  { directory, now }: { readonly directory: ConnectionDirectory; readonly now: number },
): Promise<readonly Survived[]> {
  const suspects = survived.flatMap((golden) =>
    golden.changes.filter((change) => isSuspect(golden, change, now)).map((change) => ({ golden, change })),
  );
  if (suspects.length === 0) return survived;
  const told = await recentChanges(
    tx,
    suspects.map(({ golden }) => golden.id),
  );
  const swinging = suspects.flatMap((suspect) => {
    const turns = [
      ...turnsOf(told.get(suspect.golden.id) ?? [], suspect.change.field),
      turnOf(suspect.change, now),
    ];
    const { entity } = suspect.golden;
    const swings = countSwings({ entity, field: suspect.change.field, hub: HUB_CONNECTION }, turns, now);
    return swings >= SWINGS ? [{ ...suspect, turns }] : [];
  });
  if (swinging.length === 0) return survived;
  await storeFrozen(tx, swinging, now);
  const hub = directory.named(HUB_CONNECTION);
  if (hub !== undefined)
    await reportIssues(
      tx,
      swinging.map(({ golden, change, turns }) => frozenIssue(hub.id, golden.id, change.field, turns)),
    );
  const fields = Map.groupBy(swinging, ({ golden }) => golden.id);
  return survived.map((golden) => ({
    ...golden,
    frozen: {
      ...golden.frozen,
      ...Object.fromEntries((fields.get(golden.id) ?? []).map(({ change }) => [change.field, { at: now }])),
    },
  }));
}

/** A value that stood for long, or that a person decides, is no swing. */
function isSuspect({ stored, frozen }: Survived, change: FieldChange, now: number): boolean {
  if (change.kind !== 'changed' || change.winner === null || change.field in frozen) return false;
  const before = stored?.provenance[change.field];
  return (
    before !== undefined && before.connection !== change.winner.connection && before.at > now - WINDOW_MS
  );
}

interface ToldChange {
  readonly goldenId: string;
  readonly at: number;
  readonly changes: readonly FieldChange[];
}

async function recentChanges(
  tx: Transaction,
  goldenIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ToldChange[]>> {
  const found = await rows<ToldChange>(
    tx,
    sql`select golden_id::text as "goldenId", (extract(epoch from at) * 1000)::float8 as at, changes from golden_change
      where golden_id = any(${[...new Set(goldenIds)]}::uuid[])
        and at > now() - make_interval(secs => ${WINDOW_MS / 1000}::float8)
      order by golden_id, id`,
  );
  return Map.groupBy(found, (row) => row.goldenId);
}

function turnsOf(told: readonly ToldChange[], field: string): Turn[] {
  return told.flatMap(({ at, changes }) =>
    changes
      .filter((change) => change.field === field && change.kind === 'changed')
      .map((change) => turnOf(change, at)),
  );
}

function turnOf(change: FieldChange, at: number): Turn {
  return { at, from: change.old, to: change.new, by: change.winner?.connection ?? HUB_CONNECTION };
}

async function storeFrozen(tx: Transaction, list: readonly Suspect[], at: number): Promise<void> {
  const entries = list.map(({ golden, change }) => ({ id: golden.id, field: change.field, state: { at } }));
  await execute(
    tx,
    sql`update golden g set frozen = coalesce(g.frozen, '{}') || f.fields
       from (select id, jsonb_object_agg(field, state) as fields
               from jsonb_to_recordset(${json(entries)}) as e(id uuid, field text, state jsonb) group by id) f
      where g.id = f.id`,
  );
}

/** Somebody decided: these fields are pushed again. */
export async function thaw(
  tx: Transaction,
  hubConnectionId: string,
  goldenId: string,
  fields: readonly string[],
): Promise<void> {
  await execute(
    tx,
    sql`update golden set frozen = nullif(frozen - ${fields}::text[], '{}') where id = ${goldenId}::uuid and frozen is not null`,
  );
  await clearIssues(
    tx,
    fields.map((field) => frozenTarget(hubConnectionId, goldenId, field)),
  );
}

function frozenTarget(connectionId: string, goldenId: string, field: string): IssueTarget {
  return { connectionId, object: null, externalId: null, goldenId, operation: 'write', field };
}

/** How many turns an issue names. */
const NAMED = 8;

function frozenIssue(
  connectionId: string,
  goldenId: string,
  field: string,
  turns: readonly Turn[],
): Parameters<typeof reportIssues>[1][number] {
  const between = [...new Set(turns.slice(-2).map(({ by }) => by))].join(' and ');
  return {
    ...frozenTarget(connectionId, goldenId, field),
    recordId: null,
    code: 'FIELD_FROZEN',
    severity: 'error',
    valueKind: null,
    valueLength: null,
    refused: null,
    message: `${field} swings between ${between}: each keeps writing its own value back. It is written nowhere until somebody decides.`,
    remedy: `Look for an automation in ${between} that sets ${field}. Then decide: \`rapport issues decide\` takes a value, or the word of one connection.`,
    detail: turns
      .slice(-NAMED)
      .map(({ at, by }) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} ${by}`)
      .join('; '),
    nextTryAt: null,
  };
}
