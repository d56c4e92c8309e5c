import type { ConnectionDirectory } from '../connections/directory.js';
import { fieldKey, isReferenceList, membersOf, type Claim } from '../core/claims/index.js';
import { fieldOf, isCrossReference } from '../core/model/fields.js';
import { ruleFor, type FieldRule, type SurvivorshipRules } from '../core/survivorship/index.js';
import type { Queryable } from '../platform/database/index.js';
import type { JsonValue, RecordRef } from '../sdk/index.js';
import { asReference, GOLDEN_OBJECT, referencesOf, targetKey } from '../sync/references.js';
import { loadTargets } from '../sync/resolve.repository.js';
import { surviveAll } from '../sync/surviving.js';
import { claimView, type ClaimView } from './claim-view.js';
import { knownField } from './field-name.js';
import { needGolden, type GoldenRecord } from './golden.repository.js';
import { linkedRecords, type LinkedRecord } from './records.repository.js';
import { whyLost, whyWon, type Said } from './why.js';

/**
 * winner       its value is the golden one
 * agrees       says the same
 * contributes  its values are part of the union
 * lost         says something else
 * not-counted  takes no part: `reason` says why
 */
export type Standing = 'winner' | 'agrees' | 'contributes' | 'lost' | 'not-counted';

export interface ExplainedClaim extends ClaimView {
  readonly standing: Standing;
  readonly connection: string;
  readonly recordId: string;
  readonly object: string;
  readonly externalId: string;
  readonly url: string | null;
  /** In words. */
  readonly reason: string;
}

export interface Explanation {
  readonly id: string;
  readonly field: string;
  readonly title: string;
  readonly value: JsonValue;
  readonly rule: FieldRule;
  /** In words. */
  readonly summary: string;
  /** `manual` only: systems differ and nobody has decided. */
  readonly undecided: boolean;
  /** The stored golden value is not yet what the claims add up to: it is about to be computed again. */
  readonly pending: boolean;
  /** The winner first, then those that agree, those that lost, and those that take no part. */
  readonly claims: readonly ExplainedClaim[];
}

interface Claimed {
  readonly record: LinkedRecord;
  readonly claim: Claim;
  /** As it is compared: a reference is the golden record it points at. */
  readonly value: JsonValue | undefined;
  readonly connection: string;
  readonly hub: boolean;
}

/** The decision on one field, computed again from the claims as they are now. */
export async function explainField(
  db: Queryable,
  { id, field: given }: { readonly id: string; readonly field: string },
  context: { readonly directory: ConnectionDirectory; readonly rules: SurvivorshipRules },
): Promise<Explanation> {
  const golden = await needGolden(db, id);
  const field = knownField(golden.entity, given);
  const records = await linkedRecords(db, golden.id);
  const group = { id: golden.id, entity: golden.entity, stored: null, records };
  const [survived] = await surviveAll(db, [group], context);
  const provenance = survived?.write.provenance[field];
  const value = survived?.write.fields[field] ?? null;
  const rule = ruleFor(context.rules, golden.entity, field);
  const claims = await claimsOf(db, records, field, context.directory);
  const winner = claims.find((one) => one.record.id === provenance?.record);
  const explained = claims
    .map((one) => standing(one, { golden, field, rule, winner, directory: context.directory }))
    .sort((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing) || (a.at < b.at ? 1 : -1));
  const others = explained.filter((claim) => claim.standing === 'lost').length;
  const stored = golden.fields[field] ?? null;
  return {
    id: golden.id,
    field,
    title: fieldOf(golden.entity, field)?.title ?? field,
    value,
    rule,
    summary:
      winner === undefined ? noValue(field, claims) : whyWon(rule, saidOf(winner, golden, field), others),
    undecided: provenance?.undecided ?? false,
    pending: fieldKey(golden.entity, field, stored) !== fieldKey(golden.entity, field, value),
    claims: explained,
  };
}

const ORDER: readonly Standing[] = ['winner', 'contributes', 'agrees', 'lost', 'not-counted'];

function noValue(field: string, claims: readonly Claimed[]): string {
  if (isCrossReference(field))
    return 'It serves to recognise records and is never part of the golden record.';
  if (claims.length === 0) return 'Nobody has said a value.';
  return 'Nobody whose word counts has said a value.';
}

async function claimsOf(
  db: Queryable,
  records: readonly LinkedRecord[],
  field: string,
  directory: ConnectionDirectory,
): Promise<Claimed[]> {
  const said = records.flatMap((record) => {
    const claim = record.fields[field]?.claim;
    return claim === undefined ? [] : [{ record, claim }];
  });
  const wanted = said.flatMap(({ record, claim }) =>
    referencesOf(record.connectionId, { [field]: { claim, held: null } }),
  );
  const found = await loadTargets(
    db,
    wanted.filter((target) => target.object !== GOLDEN_OBJECT),
  );
  const targets = new Map(found.map((target) => [targetKey(target), target.goldenId]));
  return said.map(({ record, claim }) => ({
    record,
    claim,
    value: inGoldenIds(claim.value, (ref) =>
      ref.object === GOLDEN_OBJECT
        ? ref.id
        : targets.get(
            targetKey({ connectionId: record.connectionId, object: ref.object, externalId: ref.id }),
          ),
    ),
    connection: directory.find(record.connectionId)?.name ?? record.connectionId,
    hub: directory.isHub(record.connectionId),
  }));
}

/** A reference as the golden record it points at; undefined when the hub does not know it. */
function inGoldenIds(
  value: JsonValue,
  goldenOf: (ref: RecordRef['ref']) => string | undefined,
): JsonValue | undefined {
  const ref = asReference(value);
  if (ref !== undefined) return goldenOf(ref);
  if (!Array.isArray(value)) return value;
  return (value as readonly JsonValue[]).flatMap((entry): JsonValue[] => {
    const link = asReference(entry);
    return link === undefined ? [entry] : [goldenOf(link) ?? []].flat();
  });
}

function standing(
  one: Claimed,
  decided: {
    readonly golden: GoldenRecord;
    readonly field: string;
    readonly rule: FieldRule;
    readonly winner: Claimed | undefined;
    readonly directory: ConnectionDirectory;
  },
): ExplainedClaim {
  const { golden, field, rule, winner, directory } = decided;
  const base = {
    ...claimView(one.claim),
    connection: one.connection,
    recordId: one.record.id,
    object: one.record.object,
    externalId: one.record.externalId,
    url: one.record.url,
  };
  const absent = notCounted(one, golden, field, rule, directory);
  if (absent !== undefined) return { ...base, standing: 'not-counted', reason: absent };
  const said = saidOf(one, golden, field);
  if (winner === undefined) return { ...base, standing: 'lost', reason: 'No value won.' };
  if (rule.rule === 'union' && Array.isArray(winner.claim.value)) {
    return { ...base, standing: 'contributes', reason: 'All values together are the golden value.' };
  }
  if (isReferenceList(golden.entity, field)) {
    return { ...base, standing: 'contributes', reason: `Link by link: ${linksSaid(one.claim)}.` };
  }
  if (one === winner) return { ...base, standing: 'winner', reason: whyWon(rule, said, 1) };
  const key = (claimed: Claimed): string | null => fieldKey(golden.entity, field, claimed.value ?? null);
  if (key(one) === key(winner)) return { ...base, standing: 'agrees', reason: 'It says the same.' };
  return { ...base, standing: 'lost', reason: whyLost(rule, said, saidOf(winner, golden, field)) };
}

function linksSaid(claim: Claim): string {
  const members = membersOf(claim);
  const there = members.filter((member) => member.there).length;
  const gone = members.length - there;
  return `says that ${String(there)} are there${gone === 0 ? '' : `, and took out ${String(gone)}`}`;
}

/** Why a claim takes no part; undefined when it does. */
function notCounted(
  one: Claimed,
  golden: GoldenRecord,
  field: string,
  rule: FieldRule,
  directory: ConnectionDirectory,
): string | undefined {
  const { record } = one;
  if (isCrossReference(field)) return 'It serves to recognise the record only.';
  const connection = directory.find(record.connectionId);
  if (connection === undefined) return 'Its connection is no longer there.';
  if (record.mergedInto !== null) {
    return `The record was merged into ${record.mergedInto} in ${one.connection}, which speaks for it.`;
  }
  const policy = connection.objects.find((setup) => setup.object === record.object)?.policy;
  if (record.deleted && policy?.onDelete === 'withdraw') {
    return `The record was deleted in ${one.connection}, whose deletions withdraw what was said.`;
  }
  if (one.value === undefined) return 'It points at a record that the hub does not know yet.';
  if (rule.blanks === 'ignore' && fieldKey(golden.entity, field, one.value) === null) {
    return 'It is blank, and the rule ignores blanks.';
  }
  return undefined;
}

function saidOf(one: Claimed, golden: GoldenRecord, field: string): Said {
  const value = one.value ?? null;
  const key = fieldKey(golden.entity, field, value);
  return {
    connection: one.connection,
    at: one.claim.at,
    hub: one.hub,
    upperBound: one.claim.origin === 'first',
    size: key === null ? 0 : Array.isArray(value) ? value.length : key.length,
  };
}
