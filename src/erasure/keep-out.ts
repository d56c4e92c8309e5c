import type { ConnectionDirectory } from '../connections/directory.js';
import type { KeyedHash } from '../connections/active-connection.js';
import { identityFields, type FieldStates } from '../core/claims/index.js';
import { identityOf } from '../core/matching/index.js';
import { execute, rows, sql, type Transaction } from '../platform/database/index.js';
import type { Entity } from '../sdk/index.js';
import { opened } from '../sync/source-record.js';
import { REFERENCE_KIND, referencesOf, targetKey } from '../sync/references.js';
import { givenNameOf, hashesOf, marksOfRecord, recordMark, type RecordPlace } from './marks.js';
import { withoutReferences } from './references.js';
import { anySuppression, countHits, suppressedOf } from './suppression.repository.js';

/** Whether anybody is kept out at all; asked when nobody has yet in this transaction. */
export type Suppresses = boolean | 'unknown';

async function isOff(tx: Transaction, suppresses: Suppresses): Promise<boolean> {
  return !(suppresses === 'unknown' ? await anySuppression(tx) : suppresses);
}

/** A record that the hub does not know yet. */
export interface Newcomer extends RecordPlace {
  readonly identifiers: readonly { readonly kind: string; readonly value: string }[];
  readonly fields: FieldStates;
}

/**
 * Those of the newcomers that stand for an erased person: they are not to be taken in. Counted, so that people see
 * that something was kept out. At most one statement while nobody is suppressed.
 *
 * @returns external ids
 */
export async function keptOut(
  tx: Transaction,
  newcomers: readonly Newcomer[],
  { hash, suppresses }: { readonly hash: KeyedHash; readonly suppresses: Suppresses },
): Promise<ReadonlySet<string>> {
  if (newcomers.length === 0 || (await isOff(tx, suppresses))) return new Set();
  const marked = newcomers.map((newcomer) => ({
    externalId: newcomer.externalId,
    hashes: hashesOf(marksOfRecord(newcomer, newcomer.identifiers, givenNameOf(newcomer.fields)), hash).map(
      (mark) => mark.hash,
    ),
  }));
  const suppressed = await suppressedOf(
    tx,
    marked.flatMap(({ hashes }) => hashes),
  );
  if (suppressed.size === 0) return new Set();
  const hits = marked.flatMap(({ externalId, hashes }) => {
    const hit = hashes.find((one) => suppressed.has(one));
    return hit === undefined ? [] : [{ externalId, hit }];
  });
  await countHits(
    tx,
    hits.map(({ hit }) => hit),
  );
  return new Set(hits.map(({ externalId }) => externalId));
}

/** What of a record points at erased people is not taken in. At most one statement while nobody is suppressed. */
export async function withoutLinksToErased<T extends Pick<Newcomer, 'identifiers' | 'fields'>>(
  tx: Transaction,
  records: readonly T[],
  {
    connection: { id: connectionId, keyedHash },
    suppresses,
  }: {
    readonly connection: { readonly id: string; readonly keyedHash: KeyedHash };
    readonly suppresses: Suppresses;
  },
): Promise<readonly T[]> {
  if (records.length === 0 || (await isOff(tx, suppresses))) return records;
  const links = records.flatMap(({ fields }) => referencesOf(connectionId, fields));
  const hashed = new Map(
    links.map((target) => [hashesOf([recordMark(target)], keyedHash)[0]?.hash ?? '', target]),
  );
  const suppressed = await suppressedOf(tx, [...hashed.keys()]);
  const erased = [...hashed].flatMap(([hash, target]) => (suppressed.has(hash) ? [target] : []));
  if (erased.length === 0) return records;
  const targets = new Set(erased.map(({ object, externalId }) => `${object} ${externalId}`));
  const keys = new Set(erased.map(targetKey));
  return records.map((record) => ({
    ...record,
    fields: withoutReferences(record.fields, targets),
    identifiers: record.identifiers.filter(({ kind, value }) => kind !== REFERENCE_KIND || !keys.has(value)),
  }));
}

interface Unplaced extends RecordPlace {
  readonly id: string;
  readonly entity: Entity;
  readonly fields: FieldStates;
}

/**
 * A page that was being stored while a person was erased may hold them: before such a record becomes a customer it is
 * removed. Runs under the lock of resolve, as erasures do, so that one of the two always sees the other.
 *
 * @returns the ids that are left
 */
export async function removeErased(
  tx: Transaction,
  recordIds: readonly string[],
  { directory, suppresses }: { readonly directory: ConnectionDirectory; readonly suppresses: Suppresses },
): Promise<readonly string[]> {
  const [first] = directory.all;
  if (first === undefined || recordIds.length === 0 || (await isOff(tx, suppresses))) return recordIds;
  const unplaced = await rows<Unplaced>(
    tx,
    sql`select id::text as id, connection_id::text as "connectionId", object, entity, external_id as "externalId", fields
       from source_record where id = any(${recordIds}::bigint[]) and golden_id is null and entity = 'customer'`,
  );
  const newcomers = opened(unplaced).map((record) => ({
    ...record,
    identifiers: identityOf(record.entity, identityFields(record.fields)).identifiers,
  }));
  const gone: string[] = [];
  // External ids repeat from system to system.
  for (const group of Map.groupBy(newcomers, (one) => `${one.connectionId} ${one.object}`).values()) {
    const out = await keptOut(tx, group, { hash: first.keyedHash, suppresses });
    gone.push(...group.filter((one) => out.has(one.externalId)).map((one) => one.id));
  }
  if (gone.length === 0) return recordIds;
  await execute(tx, sql`delete from identifier where record_id = any(${gone}::bigint[])`);
  await execute(tx, sql`delete from sync_issue where record_id = any(${gone}::bigint[])`);
  await execute(tx, sql`delete from source_record where id = any(${gone}::bigint[])`);
  const removed = new Set(gone);
  return recordIds.filter((id) => !removed.has(id));
}
