import type { Entity, JsonValue } from '../../sdk/index.js';
import { identityOf, ownCrossReference } from './identity.js';
import type { PlaceOperation } from './operations.js';
import { place, type PlaceInput } from './place.js';
import type { Decision, GoldenAge, MatchRecord } from './record.js';
import { DEFAULT_MATCH_RULES } from './rules.js';

export type Fields = Readonly<Record<string, JsonValue>>;

/** A record for tests: `crm:7` is record 7 of connection crm. */
export function record(
  id: string,
  fields: Fields,
  {
    goldenId = null,
    live = true,
    entity = 'customer',
  }: { goldenId?: string | null; live?: boolean; entity?: Entity } = {},
): MatchRecord {
  const [connection = '', recordId = ''] = id.split(':');
  const identity = identityOf(entity, fields);
  return {
    recordId,
    connection,
    identity: {
      ...identity,
      identifiers: [...identity.identifiers, ownCrossReference(connection, recordId)],
    },
    linkedTo: goldenId,
    live,
  };
}

export type World = Partial<Omit<PlaceInput, 'goldens'>> & {
  readonly records: readonly MatchRecord[];
  readonly ages?: readonly GoldenAge[];
};

/** Places all records, or those told; golden records are as old as their place in the alphabet. */
export function placeAll(world: World): PlaceOperation[] {
  const goldenIds = [...new Set(world.records.flatMap(({ linkedTo }) => linkedTo ?? []))].sort();
  return place({
    toPlace: world.toPlace ?? world.records.map(({ recordId }) => recordId),
    records: world.records,
    goldens: world.ages ?? goldenIds.map((goldenId, index) => ({ goldenId, createdAt: index })),
    decisions: world.decisions ?? [],
    crowded: world.crowded ?? new Set(),
    uniqueConnections: world.uniqueConnections ?? new Set(),
    rules: world.rules ?? DEFAULT_MATCH_RULES,
  });
}

/** The records of each customer after the operations, each sorted, all sorted: `['1 2', '3']`. */
export function partition(records: readonly MatchRecord[], operations: readonly PlaceOperation[]): string[] {
  const goldenOf = new Map(
    records.flatMap(({ recordId, linkedTo }) => (linkedTo === null ? [] : [[recordId, linkedTo]])),
  );
  for (const [index, operation] of operations.entries()) {
    if (operation.kind === 'link') goldenOf.set(operation.recordId, operation.goldenId);
    if (operation.kind === 'create')
      for (const { recordId } of operation.records) goldenOf.set(recordId, `new ${String(index)}`);
  }
  const survivorOf = new Map(
    operations.flatMap((one) => (one.kind === 'merge' ? [[one.merged, one.survivor]] : [])),
  );
  const groups = Map.groupBy(
    goldenOf.keys(),
    (id) => survivorOf.get(goldenOf.get(id) ?? '') ?? goldenOf.get(id),
  );
  return [...groups.values()].map((ids) => ids.sort().join(' ')).sort();
}

export function same(a: string, b: string): Decision {
  return { a, b, verdict: 'same' };
}

export function notSame(a: string, b: string): Decision {
  return { a, b, verdict: 'notSame' };
}

export function candidatesOf(operations: readonly PlaceOperation[]): string[] {
  return operations.flatMap((one) => (one.kind === 'candidate' ? [`${one.a} ${one.b}`] : []));
}
