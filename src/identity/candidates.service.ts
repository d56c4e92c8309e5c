import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { needGolden } from '../customers/golden.repository.js';
import { pageOf, startOf, type Page, type PageRequest } from '../customers/paging.js';
import { RequestError } from '../customers/request-error.js';
import { Database, type Transaction } from '../platform/database/index.js';
import type { Entity } from '../sdk/index.js';
import { addResolveTasks } from '../sync/ingest.repository.js';
import { addReferrers, lockResolve } from '../sync/resolve.repository.js';
import { enqueueResolve } from '../sync/sync-jobs.js';
import { listCandidates, type CandidateView } from './candidate-list.repository.js';
import * as repository from './merge.repository.js';
import type { RecordOfPair } from './merge.repository.js';
import { MergeService } from './merge.service.js';

const POSITION = z.tuple([z.string().regex(/^\d{1,19}$/), z.string().regex(/^\d{1,19}$/)]);

export interface PairDecision {
  /** Ids of the two source records. */
  readonly a: string;
  readonly b: string;
  readonly verdict: 'same' | 'notSame';
  readonly by: string;
}

export interface Decided {
  readonly verdict: PairDecision['verdict'];
  /** Set when two customers became one. */
  readonly survivorId: string | null;
}

/** Pairs of records that a person should judge, and the judging. */
@Injectable()
export class CandidatesService {
  constructor(
    private readonly database: Database,
    private readonly merges: MergeService,
  ) {}

  async list(request: PageRequest & { readonly entity?: Entity | undefined }): Promise<Page<CandidateView>> {
    const after = startOf(request.cursor, POSITION);
    const found = await listCandidates(this.database, {
      entity: request.entity ?? null,
      after: after ?? null,
      limit: request.limit + 1,
    });
    return pageOf(found, request.limit, (row) => [row.a.recordId, row.b.recordId]);
  }

  /**
   * A person's word on two source records; outlives every rerun, and the newest word counts. "Same" makes their
   * customers one, "not same" parts them if they are one, and lets go on what waited for the answer.
   *
   * @throws RequestError when a record is unknown, or they are of different kinds
   */
  async decide(decision: PairDecision): Promise<Decided> {
    return this.database.transaction(async (tx) => {
      await lockResolve(tx);
      const [a, b] = await needPair(tx, decision);
      await repository.dropCandidate(tx, a.id, b.id);
      const survivorId =
        decision.verdict === 'same'
          ? await this.same(tx, [a, b], decision.by)
          : await this.notSame(tx, [a, b], decision.by);
      const golden = [a.goldenId, b.goldenId].filter((id) => id !== null);
      await addResolveTasks(tx, 'record', [a.id, b.id], null);
      await addResolveTasks(tx, 'golden', golden, null);
      await enqueueResolve(tx);
      return { verdict: decision.verdict, survivorId };
    });
  }

  private async same(
    tx: Transaction,
    [a, b]: readonly [RecordOfPair, RecordOfPair],
    by: string,
  ): Promise<string | null> {
    const pair = { a: a.id, b: b.id };
    if (a.goldenId === null || b.goldenId === null || a.goldenId === b.goldenId) {
      await repository.decide(tx, { pairs: [pair], verdict: 'same', by, mergeId: null });
      return null;
    }
    const both = [await needGolden(tx, a.goldenId), await needGolden(tx, b.goldenId)] as const;
    return (await this.merges.mergeWithin(tx, both, { by, pair })).survivorId;
  }

  /** Of two records on one customer the younger is placed anew. */
  private async notSame(
    tx: Transaction,
    [a, b]: readonly [RecordOfPair, RecordOfPair],
    by: string,
  ): Promise<null> {
    await repository.decide(tx, {
      pairs: [{ a: a.id, b: b.id }],
      verdict: 'notSame',
      by,
      mergeId: null,
    });
    if (a.goldenId !== null && a.goldenId === b.goldenId) {
      const younger = BigInt(a.id) < BigInt(b.id) ? b : a;
      await repository.unlinkRecords(tx, [younger.id]);
      await addReferrers(tx, [a.goldenId], null);
    }
    return null;
  }
}

async function needPair(
  tx: Transaction,
  { a, b }: PairDecision,
): Promise<readonly [RecordOfPair, RecordOfPair]> {
  if (a === b) {
    throw new RequestError({
      kind: 'invalid',
      field: 'b',
      message: `Both are the source record ${a}.`,
      remedy: 'Give two.',
    });
  }
  const found = new Map((await repository.recordsOfPair(tx, [a, b])).map((record) => [record.id, record]));
  const [first, second] = [needRecord(found, 'a', a), needRecord(found, 'b', b)];
  if (first.entity === second.entity) return [first, second];
  throw new RequestError({
    kind: 'conflict',
    field: 'b',
    message: `One record is of a ${first.entity} and the other of a ${second.entity}.`,
    remedy: 'Only two of a kind can be the same.',
  });
}

function needRecord(found: ReadonlyMap<string, RecordOfPair>, field: string, id: string): RecordOfPair {
  const record = found.get(id);
  if (record !== undefined) return record;
  throw new RequestError({
    kind: 'unknown',
    field,
    message: `There is no source record ${id}.`,
    remedy: 'Take the ids from the list of candidates, or from the records of a customer.',
  });
}
