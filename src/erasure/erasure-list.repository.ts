import { firstRow, rows, sql, type Queryable } from '../platform/database/index.js';
import type { ErasureAction, ErasureOutcome, ErasureProblem } from './erasure.repository.js';
import type { Removed } from './purge.repository.js';

/** What became of one record; never which one it was. */
export interface ErasureReceipt {
  readonly connection: string;
  readonly object: string;
  readonly action: ErasureAction;
  /** null while it is to be done. */
  readonly outcome: ErasureOutcome | null;
  readonly note: string | null;
  readonly doneAt: Date | null;
  readonly attempts: number;
  readonly nextTryAt: Date | null;
  /** Of the last attempt, while it is to be done. */
  readonly problem: ErasureProblem | null;
}

export interface ErasureView {
  readonly id: string;
  /** The hub's id of the person; there is nobody by it any more. */
  readonly customerId: string;
  readonly by: string;
  readonly trigger: 'request' | 'webhook';
  readonly state: 'pending' | 'done';
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  /** Table of the hub → rows removed. */
  readonly removed: Removed;
  readonly receipts: readonly ErasureReceipt[];
}

const VIEW = sql`e.id::text as id, e.golden_id::text as "customerId", e.by, e.trigger,
  case when e.finished_at is null then 'pending' else 'done' end as state,
  e.requested_at as "requestedAt", e.finished_at as "finishedAt", e.removed`;

type Summary = Omit<ErasureView, 'receipts'>;

/** Those that wait first, then the newest. */
export async function listErasures(db: Queryable, limit: number): Promise<ErasureView[]> {
  const found = await rows<Summary>(
    db,
    sql`select ${VIEW} from erasure e order by e.finished_at is not null, e.requested_at desc, e.id limit ${limit}::int`,
  );
  return withReceipts(db, found);
}

export async function findErasure(db: Queryable, id: string): Promise<ErasureView | undefined> {
  const found = await rows<Summary>(db, sql`select ${VIEW} from erasure e where e.id = ${id}::uuid`);
  const [view] = await withReceipts(db, found);
  return view;
}

async function withReceipts(db: Queryable, found: readonly Summary[]): Promise<ErasureView[]> {
  const receipts = await rows<ErasureReceipt & { erasureId: string }>(
    db,
    sql`select t.erasure_id::text as "erasureId", c.name as connection, t.object, t.action, t.outcome, t.note,
            t.done_at as "doneAt", t.attempts, case when t.outcome is null then t.due_at end as "nextTryAt", t.problem
       from erasure_task t join connection c on c.id = t.connection_id
      where t.erasure_id = any(${found.map((erasure) => erasure.id)}::uuid[]) order by c.position, c.name, t.id`,
  );
  const byErasure = Map.groupBy(receipts, (receipt) => receipt.erasureId);
  return found.map((erasure) => ({
    ...erasure,
    receipts: (byErasure.get(erasure.id) ?? []).map(({ erasureId: _, ...receipt }) => receipt),
  }));
}

/** For status and metrics. */
export interface ErasureSummary {
  readonly pending: number;
  /** Records that systems still hold. */
  readonly tasks: number;
  /** Records of erased people that were kept out. */
  readonly keptOut: number;
}

export async function summariseErasures(db: Queryable): Promise<ErasureSummary> {
  const found = await firstRow<ErasureSummary>(
    db,
    sql`select (select count(*)::int from erasure where finished_at is null) as pending,
            (select count(*)::int from erasure_task where outcome is null) as tasks,
            (select coalesce(sum(hits), 0)::int from suppression) as "keptOut"`,
  );
  return found ?? { pending: 0, tasks: 0, keptOut: 0 };
}
