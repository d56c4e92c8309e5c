import { Injectable } from '@nestjs/common';
import { saidLinks, type Claim, type FieldState } from '../core/claims/index.js';
import { fieldOf } from '../core/model/fields.js';
import { Database, type Transaction } from '../platform/database/index.js';
import type { Entity, JsonValue } from '../sdk/index.js';
import { thaw } from '../sync/freeze.js';
import { addResolveTasks } from '../sync/ingest.repository.js';
import { GOLDEN_OBJECT } from '../sync/references.js';
import { lockResolve } from '../sync/resolve.repository.js';
import { enqueueResolve } from '../sync/sync-jobs.js';
import type { HubClaim } from './claim-view.js';
import { editValues } from './edit-values.js';
import { knownField } from './field-name.js';
import { findGolden, needGolden, type GoldenRecord } from './golden.repository.js';
import { hubRecordOf, hubRecordsOf, storeHubRecord } from './hub-record.repository.js';
import { RequestError } from './request-error.js';

export interface EditRequest {
  readonly id: string;
  readonly entity?: Entity | undefined;
  /** Field → value; null clears. A reference is the id of the golden record meant. */
  readonly values: Readonly<Record<string, JsonValue>>;
  /** Who edits; shown with the claim. */
  readonly by: string;
}

/** People's own edits: claims of the hub. What becomes of them is for the rules to say. */
@Injectable()
export class EditService {
  constructor(private readonly database: Database) {}

  /**
   * Writes the values as claims made now. The golden record follows within moments; a field that was frozen is pushed
   * again.
   *
   * @throws RequestError naming the field that cannot be written
   */
  async edit(request: EditRequest): Promise<{ readonly id: string }> {
    return this.database.transaction(async (tx) => {
      // A merge at the same moment must not leave an edit behind on the one that is taken in.
      await lockResolve(tx);
      const golden = await needGolden(tx, request.id, request.entity);
      const values = editValues(golden.entity, request.values);
      const record = await hubRecordOf(tx, golden);
      const fields: Record<string, FieldState> = { ...record.fields };
      const now = Date.now();
      for (const [field, given] of values) {
        const before = fields[field]?.claim;
        // The later word of a person is later, whatever happened to the clock.
        const at = Math.max(now, (before?.at ?? 0) + 1);
        const said = await this.said(tx, { golden, field, value: given, before, at });
        const claim: HubClaim = { ...said, at, origin: 'hub', by: request.by };
        fields[field] = { claim, held: claim.value };
      }
      await storeHubRecord(tx, { ...record, fields });
      await thaw(tx, record.connectionId, golden.id, [...values.keys()]);
      await this.resolve(tx, golden.id);
      return { id: golden.id };
    });
  }

  /**
   * Takes back what people said of a field: the systems' claims decide again.
   *
   * @throws RequestError when nobody said anything of it in the hub
   */
  async withdraw(request: {
    readonly id: string;
    readonly entity?: Entity | undefined;
    readonly field: string;
  }): Promise<{ readonly id: string }> {
    return this.database.transaction(async (tx) => {
      await lockResolve(tx);
      const golden = await needGolden(tx, request.id, request.entity);
      const field = knownField(golden.entity, request.field);
      const records = (await hubRecordsOf(tx, golden.id)).filter((record) => field in record.fields);
      if (records.length === 0) {
        throw new RequestError({
          kind: 'unknown',
          field,
          message: `Nobody has edited "${field}" of this ${golden.entity} in the hub.`,
          remedy: 'Nothing to do: the systems decide it already.',
        });
      }
      for (const record of records) {
        const { [field]: _withdrawn, ...fields } = record.fields;
        await storeHubRecord(tx, { ...record, fields });
      }
      await this.resolve(tx, golden.id);
      return { id: golden.id };
    });
  }

  /** A reference names the golden record itself, the one in force if it was merged. */
  private async said(
    tx: Transaction,
    edit: {
      readonly golden: GoldenRecord;
      readonly field: string;
      readonly value: JsonValue;
      readonly before: Claim | undefined;
      readonly at: number;
    },
  ): Promise<Pick<Claim, 'value' | 'members'>> {
    const { golden, field, value, before, at } = edit;
    const type = fieldOf(golden.entity, field)?.type;
    if (type === 'reference')
      return { value: value === null ? null : await linkTo(tx, golden, field, value) };
    if (type !== 'references') return { value };
    const wanted = value === null ? [] : (value as readonly JsonValue[]);
    const now: JsonValue[] = [];
    for (const id of wanted) now.push(await linkTo(tx, golden, field, id));
    const stood = golden.fields[field];
    const was = Array.isArray(stood) ? (stood as readonly string[]) : [];
    return saidLinks(before, { now, was: was.map(goldenLink), at });
  }

  private async resolve(tx: Transaction, goldenId: string): Promise<void> {
    await addResolveTasks(tx, 'golden', [goldenId], null);
    await enqueueResolve(tx);
  }
}

/** What each reference field may point at. */
const TARGETS: Readonly<Record<string, Entity>> = {
  account: 'account',
  parent: 'account',
  customers: 'customer',
};

async function linkTo(
  tx: Transaction,
  golden: GoldenRecord,
  field: string,
  id: JsonValue,
): Promise<JsonValue> {
  const target = typeof id === 'string' ? await findGolden(tx, id) : undefined;
  const wanted = TARGETS[field] ?? 'account';
  if (target?.entity === wanted && target.id !== golden.id) return goldenLink(target.id);
  const which =
    golden.entity === wanted ? `another ${wanted}` : wanted === 'account' ? 'an account' : 'customers';
  throw new RequestError({
    kind: 'invalid',
    field,
    message: `"${field}" should be the id of ${which} of the hub.`,
    remedy: `Search for the ${wanted} and give its id.`,
  });
}

function goldenLink(id: string): JsonValue {
  return { ref: { object: GOLDEN_OBJECT, id } };
}
