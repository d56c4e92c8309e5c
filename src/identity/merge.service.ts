import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isUuid, needGolden, type GoldenRecord } from '../customers/golden.repository.js';
import { RequestError } from '../customers/request-error.js';
import { Database, type Transaction } from '../platform/database/index.js';
import type { Entity } from '../sdk/index.js';
import { addResolveTasks } from '../sync/ingest.repository.js';
import { REFERENCE_KIND } from '../sync/references.js';
import { addReferrers, lockResolve, recordsOfGolden } from '../sync/resolve.repository.js';
import { retireGolden, storeMerges } from '../sync/merges.repository.js';
import { enqueueResolve } from '../sync/sync-jobs.js';
import * as repository from './merge.repository.js';
import type { StoredMerge } from './merge.repository.js';

export interface Merged {
  readonly mergeId: string;
  /** The older one: its id stays. */
  readonly survivorId: string;
  /** From now on another name for the survivor. */
  readonly mergedId: string;
}

export interface UnmergeRequest {
  /** Of the survivor or of the alias. */
  readonly id: string;
  /** Only of this kind. */
  readonly entity?: Entity | undefined;
  readonly by: string;
}

export interface Unmerged {
  readonly mergeId: string;
  readonly survivorId: string;
  /** The one that lives again. */
  readonly revivedId: string;
  /** Records that rules linked since: they are being placed anew. */
  readonly replaced: readonly string[];
}

/** A person's word that two golden records are one, and taking it back. Only links move; claims never do. */
@Injectable()
export class MergeService {
  constructor(private readonly database: Database) {}

  /**
   * Merges two customers, or two accounts. An alias stands for what took it in.
   *
   * @throws RequestError when one is unknown, they are of different kinds, or already one
   */
  async merge(a: string, b: string, by: string): Promise<Merged> {
    return this.database.transaction(async (tx) => {
      await lockResolve(tx);
      const first = await named('a', needGolden(tx, a));
      const second = await named('b', needGolden(tx, b));
      return this.mergeWithin(tx, [first, second], { by });
    });
  }

  /**
   * The same within a transaction that holds the resolve lock. `pair` names the two records the word was said of; else
   * the oldest of each stand for them.
   */
  async mergeWithin(
    tx: Transaction,
    both: readonly [GoldenRecord, GoldenRecord],
    { by, pair }: { readonly by: string; readonly pair?: { readonly a: string; readonly b: string } },
  ): Promise<Merged> {
    refuseUnlike(...both);
    const [survivor, merged] = olderFirst(...both);
    const staying = await repository.recordIdsOf(tx, survivor.id);
    const representatives = await recordsOfGolden(tx, [survivor.id, merged.id]);
    const records = await repository.moveRecords(tx, { from: merged.id, to: survivor.id });
    await repository.settleBetween(tx, staying, records);
    const mergeId = randomUUID();
    const row = {
      id: mergeId,
      survivorId: survivor.id,
      mergedId: merged.id,
      records,
      by,
      rule: 'said by a person',
    };
    await storeMerges(tx, [row]);
    await retireGolden(tx, [row]);
    const a = representatives.get(survivor.id);
    const b = representatives.get(merged.id);
    const said = pair ?? (a === undefined || b === undefined ? undefined : { a, b });
    await repository.decide(tx, { pairs: said === undefined ? [] : [said], verdict: 'same', by, mergeId });
    await repository.moveIssues(tx, { to: survivor.id, records });
    await this.resolve(tx, [survivor.id, merged.id]);
    return { mergeId, survivorId: survivor.id, mergedId: merged.id };
  }

  /**
   * Takes back the newest merge in force that made this customer, or the one that made an alias of this id. The records
   * that moved go back, and rules will not bring the two together again.
   *
   * @throws RequestError when the id is unknown or no merge made it
   */
  async unmerge({ id, entity, by }: UnmergeRequest): Promise<Unmerged> {
    return this.database.transaction(async (tx) => {
      await lockResolve(tx);
      await needGolden(tx, id, entity);
      const merge = await needMerge(tx, id);
      // The survivor itself may have been taken in by another one since.
      const survivor = await needGolden(tx, merge.survivorId);
      const since = await repository.linkedSince(tx, survivor.id, merge);
      const moved = new Set(merge.records);
      const replaced = since.filter((recordId) => !moved.has(recordId));
      const records = await repository.moveRecords(tx, {
        from: survivor.id,
        to: merge.mergedId,
        only: merge.records,
      });
      await repository.unlinkRecords(tx, replaced);
      await repository.reviveAlias(tx, merge.mergedId);
      await repository.dropDecisionsOf(tx, merge.id);
      const staying = await repository.recordIdsOf(tx, survivor.id);
      const pairs = records.flatMap((a) => staying.map((b) => ({ a, b })));
      await repository.decide(tx, { pairs, verdict: 'notSame', by, mergeId: merge.id });
      await repository.moveIssues(tx, { to: merge.mergedId, records });
      await repository.markUndone(tx, merge.id);
      await addResolveTasks(tx, 'record', replaced, null);
      await this.resolve(tx, [survivor.id, merge.mergedId]);
      return { mergeId: merge.id, survivorId: survivor.id, revivedId: merge.mergedId, replaced };
    });
  }

  /** Both sides are computed anew, and with them whatever points at them. */
  private async resolve(tx: Transaction, goldenIds: readonly string[]): Promise<void> {
    await addResolveTasks(tx, 'golden', goldenIds, null);
    await addReferrers(tx, goldenIds, null);
    await repository.addHubReferrers(tx, goldenIds, REFERENCE_KIND);
    await enqueueResolve(tx);
  }
}

async function needMerge(tx: Transaction, id: string): Promise<StoredMerge> {
  const merge = isUuid(id) ? await repository.findMerge(tx, id) : undefined;
  if (merge !== undefined) return merge;
  throw new RequestError({
    kind: 'conflict',
    message: `No merge made ${id}: there is nothing to undo.`,
    remedy: 'Its source records tell why each is linked; say "not same" of two that are different.',
  });
}

/** Which of the two was wrong. */
async function named(field: string, golden: Promise<GoldenRecord>): Promise<GoldenRecord> {
  try {
    return await golden;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new RequestError({ kind: error.kind, message: error.message, remedy: error.remedy, field });
  }
}

function refuseUnlike(a: GoldenRecord, b: GoldenRecord): void {
  if (a.id === b.id) {
    throw new RequestError({
      kind: 'conflict',
      field: 'b',
      message: `Both are ${a.id}: it cannot be merged with itself.`,
      remedy: 'Give two different ids; an id that was merged before means the one that took it in.',
    });
  }
  if (a.entity !== b.entity) {
    throw new RequestError({
      kind: 'conflict',
      field: 'b',
      message: `One is a ${a.entity} and the other a ${b.entity}: only two of a kind can be one.`,
      remedy: 'Give two customers, or two accounts.',
    });
  }
}

/** The oldest survives; of two made at once, the smaller id. */
function olderFirst(a: GoldenRecord, b: GoldenRecord): readonly [GoldenRecord, GoldenRecord] {
  const byAge = a.createdAt.getTime() - b.createdAt.getTime();
  return byAge < 0 || (byAge === 0 && a.id < b.id) ? [a, b] : [b, a];
}
