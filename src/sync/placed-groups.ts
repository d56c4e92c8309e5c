/** What placing comes to: links, merges, and the golden records with the records that are theirs now. Pure but for new ids. */
import type { PlaceOperation } from '../core/matching/index.js';
import type { MergeRow } from './merges.repository.js';
import { newId } from './new-id.js';
import type { FreshRecord, ResolveWork } from './resolve-work.js';
import type { GoldenRow, RecordLink } from './resolve.repository.js';
import type { StoredRecord } from './source-record.js';
import type { GoldenGroup } from './surviving.js';

/** A new record that stands for somebody of whom nothing else is known. */
export function ownGroup({ record, goldenId }: FreshRecord): GoldenGroup {
  return { id: goldenId, entity: record.entity, stored: null, records: [{ ...record, goldenId }] };
}

export function linksOf(
  operations: readonly PlaceOperation[],
  records: ReadonlyMap<string, StoredRecord>,
  fresh: ResolveWork['fresh'],
): RecordLink[] {
  const survivorOf = new Map(
    operations.flatMap((one) => (one.kind === 'merge' ? [[one.merged, one] as const] : [])),
  );
  const moved = [...records.values()].flatMap((record): RecordLink[] => {
    const merge = survivorOf.get(record.goldenId ?? '');
    return merge === undefined ? [] : [{ recordId: record.id, goldenId: merge.survivor, rule: merge.rule }];
  });
  const placed = operations.flatMap((operation): RecordLink[] => {
    if (operation.kind === 'link') return [operation];
    if (operation.kind !== 'create') return [];
    const [own] = operation.records.flatMap(({ recordId }) => fresh.get(recordId)?.goldenId ?? []);
    const goldenId = own ?? newId();
    return operation.records.map(({ recordId, rule }) => ({ recordId, goldenId, rule }));
  });
  return [...moved, ...placed];
}

export function mergesOf(
  operations: readonly PlaceOperation[],
  records: ReadonlyMap<string, StoredRecord>,
): MergeRow[] {
  return operations.flatMap((operation): MergeRow[] => {
    if (operation.kind !== 'merge') return [];
    const moved = [...records.values()].filter((record) => record.goldenId === operation.merged);
    return [
      {
        id: newId(),
        survivorId: operation.survivor,
        mergedId: operation.merged,
        records: moved.map((record) => record.id),
        by: 'match rules',
        rule: operation.rule,
      },
    ];
  });
}

/** The golden records that have records, after the links are made; all records of each must be given. */
export function groupsOf(
  links: readonly RecordLink[],
  around: {
    readonly records: ReadonlyMap<string, StoredRecord>;
    readonly goldens: ReadonlyMap<string, GoldenRow>;
  },
): ReadonlyMap<string, GoldenGroup> {
  const linked = new Map(links.map(({ recordId, goldenId }) => [recordId, goldenId]));
  const groups = new Map<string, GoldenGroup & { readonly records: StoredRecord[] }>();
  for (const record of around.records.values()) {
    const goldenId = linked.get(record.id) ?? record.goldenId;
    if (goldenId === null) continue;
    const group = groups.get(goldenId) ?? {
      id: goldenId,
      entity: record.entity,
      stored: around.goldens.get(goldenId) ?? null,
      records: [],
    };
    group.records.push({ ...record, goldenId });
    groups.set(goldenId, group);
  }
  return groups;
}
