import type { Entity } from '../sdk/index.js';
import { membersOf, type Claim, type ClaimMember } from '../core/claims/index.js';
import {
  compareGolden,
  survive,
  type ClaimSource,
  type FieldChange,
  type SurvivorshipRules,
} from '../core/survivorship/index.js';
import type { ConnectionDirectory } from '../connections/directory.js';
import { describeGolden } from '../customers/describe.js';
import type { Transaction } from '../platform/database/database.js';
import { asReference, GOLDEN_OBJECT, referencesOf, targetKey, type ReferenceTarget } from './references.js';
import * as repository from './resolve.repository.js';
import type { Frozen, GoldenRow, GoldenWrite } from './resolve.repository.js';
import type { StoredRecord } from './source-record.js';

/** A golden record computed again. */
export interface Survived {
  readonly id: string;
  readonly entity: Entity;
  readonly write: GoldenWrite;
  readonly records: readonly StoredRecord[];
  readonly changes: readonly FieldChange[];
  readonly differs: boolean;
  readonly version: number;
  /** There is no golden row of it yet. */
  readonly isNew: boolean;
  /** As it was stored: its provenance tells how long a value stood. */
  readonly stored: GoldenRow | null;
  readonly frozen: Frozen;
}

export interface GoldenGroup {
  readonly id: string;
  readonly entity: Entity;
  readonly stored: GoldenRow | null;
  readonly records: readonly StoredRecord[];
}

/** Golden records from the claims of their records, as the rules decide. */
export async function surviveAll(
  tx: Transaction,
  groups: readonly GoldenGroup[],
  options: { readonly directory: ConnectionDirectory; readonly rules: SurvivorshipRules },
): Promise<Survived[]> {
  const records = groups.flatMap((group) => group.records);
  const targets = await goldenOfTargets(tx, records);
  return groups.map((group) => {
    const sources = group.records.flatMap((record) => claimSource(record, options.directory, targets));
    const after = survive(group.entity, options.rules, sources);
    const compared = compareGolden(group.entity, group.stored, after);
    const { fields, provenance } = compared.golden;
    return {
      id: group.id,
      entity: group.entity,
      write: {
        id: group.id,
        entity: group.entity,
        fields,
        provenance,
        ...describeGolden(group.entity, fields),
        mergedInto: null,
      },
      records: group.records,
      changes: compared.changes,
      differs: compared.differs || group.stored?.mergedInto != null,
      version: (group.stored?.version ?? 0) + 1,
      isNew: group.stored === null,
      stored: group.stored,
      frozen: group.stored?.frozen ?? {},
    };
  });
}

/**
 * The claims of a record that take part. A record that was merged away speaks through the one that took it in; a
 * deleted one goes on speaking unless its connection says otherwise.
 */
function claimSource(
  record: StoredRecord,
  directory: ConnectionDirectory,
  targets: ReadonlyMap<string, Target>,
): ClaimSource[] {
  const connection = directory.find(record.connectionId);
  if (connection === undefined || record.mergedInto !== null) return [];
  const policy = connection.objects.find((setup) => setup.object === record.object)?.policy;
  if (record.deleted && policy?.onDelete === 'withdraw') return [];
  const claims: Record<string, Claim> = {};
  for (const [field, state] of Object.entries(record.fields)) {
    if (state.claim === undefined) continue;
    if (state.claim.members !== undefined) {
      const linked = linksClaim(state.claim, record.connectionId, targets);
      if (linked !== undefined) claims[field] = linked;
      continue;
    }
    const ref = asReference(state.claim.value);
    if (ref === undefined) {
      claims[field] = state.claim;
      continue;
    }
    const target = { connectionId: record.connectionId, object: ref.object, externalId: ref.id };
    const goldenId = targets.get(targetKey(target))?.goldenId;
    if (goldenId !== undefined) claims[field] = { ...state.claim, value: goldenId };
  }
  return [
    {
      record: record.id,
      externalId: record.externalId,
      connection: connection.name,
      position: connection.position,
      hub: directory.isHub(connection.id),
      claims,
    },
  ];
}

/**
 * A claim of links in golden ids; undefined when none of them is known. A link that went because the record it led to
 * was deleted was taken out by nobody. Of two records that stand for one customer, one that is linked is enough.
 */
function linksClaim(
  claim: Claim,
  connectionId: string,
  targets: ReadonlyMap<string, Target>,
): Claim | undefined {
  const members = new Map<string, ClaimMember>();
  for (const { ref, at, there } of membersOf(claim)) {
    const place = asReference(ref);
    if (place === undefined) continue;
    const target = targets.get(targetKey({ connectionId, object: place.object, externalId: place.id }));
    if (target === undefined || (!there && target.deleted)) continue;
    const other = members.get(target.goldenId);
    const counts = other === undefined || (there === other.there ? at > other.at : there);
    if (counts) members.set(target.goldenId, { ref: target.goldenId, at, there });
  }
  if (members.size === 0) return undefined;
  const list = [...members.values()];
  return {
    ...claim,
    value: list.flatMap((member) => (member.there ? [member.ref] : [])).sort(),
    members: list,
  };
}

interface Target {
  readonly goldenId: string;
  /** The record is gone from its system; not merged away. */
  readonly deleted: boolean;
}

/** What references point at, as golden ids; one to an alias leads to the golden record that took it in. */
async function goldenOfTargets(
  tx: Transaction,
  records: readonly StoredRecord[],
): Promise<ReadonlyMap<string, Target>> {
  const wanted = new Map(
    records
      .flatMap((record) => referencesOf(record.connectionId, record.fields))
      .map((target) => [targetKey(target), target]),
  );
  const [byHand, inSystems] = [[], []] as [ReferenceTarget[], ReferenceTarget[]];
  for (const target of wanted.values()) (target.object === GOLDEN_OBJECT ? byHand : inSystems).push(target);
  const found = await repository.loadTargets(tx, inSystems);
  const current = await repository.loadCurrent(
    tx,
    byHand.map((target) => target.externalId),
  );
  return new Map<string, Target>([
    ...found.map((target) => [targetKey(target), target] as const),
    ...byHand.flatMap((target) => {
      const id = current.get(target.externalId);
      return id === undefined ? [] : [[targetKey(target), { goldenId: id, deleted: false }] as const];
    }),
  ]);
}
