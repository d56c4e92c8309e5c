/** Do both systems say the same of everybody? Judged by their own stores; the hub only tells which records belong together. */
import { comparisonKey } from '../core/normalise/index.js';
import { fieldOf } from '../core/model/fields.js';
import type { Entity, FieldMapping, JsonValue } from '../sdk/index.js';

/** One live record of a system, with the customer or account that the hub says it stands for. */
export interface ProofRecord {
  readonly connection: string;
  readonly object: string;
  readonly id: string;
  readonly entity: Entity;
  readonly goldenId: string | undefined;
  readonly values: Readonly<Record<string, JsonValue>>;
  readonly mapping: readonly FieldMapping[];
}

export interface ProofIssue {
  readonly connection: string;
  readonly object: string | null;
  readonly externalId: string | null;
  readonly goldenId: string | null;
  readonly field: string | null;
  readonly message: string;
}

/** Values of one field that are not the same everywhere. */
export interface Difference {
  readonly goldenId: string;
  readonly entity: Entity;
  readonly field: string;
  readonly values: readonly { readonly connection: string; readonly id: string; readonly value: JsonValue }[];
  /** What the hub says about it; undefined when it says nothing, which is a bug. */
  readonly issue: ProofIssue | undefined;
}

/** A customer or account that is missing in a system. */
export interface Absence {
  readonly goldenId: string;
  readonly entity: Entity;
  readonly connection: string;
  readonly issue: ProofIssue | undefined;
}

export interface Proof {
  /** Linked records that have a counterpart and were compared with it. */
  readonly compared: number;
  readonly identical: number;
  /** Pairs of values looked at. */
  readonly values: number;
  readonly differences: readonly Difference[];
  readonly absences: readonly Absence[];
  /** Records that the hub does not know. */
  readonly unlinked: readonly ProofRecord[];
  /** Nothing differs, is absent or unlinked without an issue that says why. */
  readonly agreed: boolean;
}

/** Compares all records that stand for the same customer or account, on all fields that both sides can be written in. Pure. */
export function prove(input: {
  readonly records: readonly ProofRecord[];
  readonly connections: readonly string[];
  readonly issues: readonly ProofIssue[];
}): Proof {
  const groups = Map.groupBy(input.records, (record) => record.goldenId);
  const unlinked = groups.get(undefined) ?? [];
  groups.delete(undefined);
  const goldenOf = new Map(input.records.map((record) => [keyOf(record), record.goldenId]));
  const differences: Difference[] = [];
  const absences: Absence[] = [];
  let compared = 0;
  let identical = 0;
  let values = 0;
  for (const [goldenId, group] of groups) {
    const [first] = group;
    if (first === undefined || goldenId === undefined) continue;
    for (const connection of input.connections) {
      if (group.some((record) => record.connection === connection)) continue;
      const issue = input.issues.find((one) => one.goldenId === goldenId && one.connection === connection);
      absences.push({ goldenId, entity: first.entity, connection, issue });
    }
    if (group.length < 2) continue;
    const found = compareGroup(goldenId, group, { goldenOf, issues: input.issues });
    compared += group.length;
    values += found.values;
    identical += found.differences.length === 0 ? group.length : 0;
    differences.push(...found.differences);
  }
  const explained = [...differences, ...absences].every(({ issue }) => issue !== undefined);
  return {
    compared,
    identical,
    values,
    differences,
    absences,
    unlinked,
    agreed: explained && unlinked.length === 0 && compared > 0,
  };
}

interface Known {
  readonly goldenOf: ReadonlyMap<string, string | undefined>;
  readonly issues: readonly ProofIssue[];
}

function compareGroup(
  goldenId: string,
  group: readonly ProofRecord[],
  known: Known,
): { readonly differences: readonly Difference[]; readonly values: number } {
  const differences: Difference[] = [];
  let values = 0;
  const fields = new Set(group.flatMap(({ mapping }) => mapping.map((line) => line.field)));
  for (const field of fields) {
    const held = group.flatMap((record) => {
      const line = record.mapping.find((one) => one.field === field && one.direction !== 'pull');
      return line === undefined ? [] : [{ record, ...canonical(record, line, known.goldenOf) }];
    });
    if (held.length < 2) continue;
    values += held.length - 1;
    if (new Set(held.map(({ key }) => key)).size === 1) continue;
    differences.push({
      goldenId,
      entity: group[0]?.entity ?? 'customer',
      field,
      values: held.map(({ record, value }) => ({ connection: record.connection, id: record.id, value })),
      issue: known.issues.find((issue) => tellsOf(issue, { goldenId, group, field })),
    });
  }
  return { differences, values };
}

function tellsOf(
  issue: ProofIssue,
  at: { readonly goldenId: string; readonly group: readonly ProofRecord[]; readonly field: string },
): boolean {
  if (issue.field !== null && issue.field !== at.field) return false;
  if (issue.externalId === null) return issue.goldenId === at.goldenId;
  return at.group.some(
    ({ connection, object, id }) =>
      connection === issue.connection && object === issue.object && id === issue.externalId,
  );
}

/** The value in the hub's words, and the key by which values count as the same: +44 20… is 0044 20…. */
function canonical(
  record: ProofRecord,
  line: FieldMapping,
  goldenOf: Known['goldenOf'],
): { readonly value: JsonValue; readonly key: string | null } {
  const raw = record.values[line.property] ?? null;
  const named = typeof raw === 'string' ? (line.values?.[raw] ?? raw) : raw;
  const type = fieldOf(record.entity, line.field)?.type ?? 'any';
  if (type === 'references') return links(record, raw, goldenOf);
  if (type !== 'reference') return { value: named, key: comparisonKey(type, named) };
  if (typeof raw !== 'string') return { value: null, key: null };
  const target = goldenOf.get(`${record.connection} account ${raw}`);
  return { value: raw, key: target ?? `unknown ${raw}` };
}

/** Two records of one customer are one. */
function links(
  record: ProofRecord,
  raw: JsonValue,
  goldenOf: Known['goldenOf'],
): { readonly value: JsonValue; readonly key: string | null } {
  const ids = Array.isArray(raw) ? raw.filter((id) => typeof id === 'string') : [];
  const keys = ids.map((id) => goldenOf.get(`${record.connection} customer ${id}`) ?? `unknown ${id}`);
  return { value: raw, key: [...new Set(keys)].sort().join(' ') };
}

function keyOf(record: ProofRecord): string {
  return `${record.connection} ${record.entity} ${record.id}`;
}
