import { Budget, DEFAULT_PERCENT } from '../core/quota/budget.js';
import type { Queryable } from '../platform/database/index.js';
import type { ActiveConnection } from './active-connection.js';
import { readLedgers, type Ledger, type WaitingWork } from './call-ledger.repository.js';

/** A connection's API calls a day, as people see them. Calls are of the vendor's day, or of the last 24 hours. */
export interface CallsView {
  /** Calls that the vendor allows; null where it tells of no limit. */
  readonly limit: number | null;
  /** The hub's share of them, in percent and in calls. */
  readonly percent: number;
  readonly share: number | null;
  /** Made by the hub. */
  readonly used: number;
  /** Made by other programs, as far as known; null where the vendor tells no count. */
  readonly others: number | null;
  /** What may still be made; back-fill leaves some to webhooks and fresh edits. Null: without end. */
  readonly left: { readonly urgent: number | null; readonly backfill: number | null };
  /** When calls may be made again, while none are left. */
  readonly until: { readonly urgent: string | null; readonly backfill: string | null };
  /** Work that waits for it, soonest first. */
  readonly waiting: readonly { readonly work: WaitingWork; readonly until: string }[];
}

/** By connection id; connections never called have a view too. */
export async function callsOf(
  db: Queryable,
  connections: readonly ActiveConnection[],
  now: number,
): Promise<ReadonlyMap<string, CallsView>> {
  const ledgers = await readLedgers(
    db,
    connections.map(({ id }) => id),
    now,
  );
  return new Map(connections.map((one) => [one.id, callsView(one, ledgers.get(one.id) ?? NOTHING, now)]));
}

const NOTHING: Omit<Ledger, 'peers'> = {
  limit: null,
  others: 0,
  seenAt: null,
  exhaustedAt: null,
  timeZone: null,
  slots: [],
  waits: {},
};

/** What may be called by now. */
export async function loadBudget(db: Queryable, connection: ActiveConnection, now: number): Promise<Budget> {
  const ledgers = await readLedgers(db, [connection.id], now);
  return budgetOf(connection, ledgers.get(connection.id) ?? NOTHING, now);
}

function callsView(connection: ActiveConnection, ledger: Omit<Ledger, 'peers'>, now: number): CallsView {
  const percent = connection.limits.dailyCallsPercent ?? DEFAULT_PERCENT;
  const budget = budgetOf(connection, ledger, now);
  return {
    limit: budget.limit,
    percent,
    share: finite(budget.share),
    used: budget.ours(),
    others: budget.limit === null ? null : budget.others(),
    left: { urgent: finite(budget.left('urgent')), backfill: finite(budget.left('backfill')) },
    until: { urgent: iso(budget.until('urgent')), backfill: iso(budget.until('backfill')) },
    waiting: waitingOf(ledger.waits, now),
  };
}

function budgetOf(connection: ActiveConnection, ledger: Omit<Ledger, 'peers'>, now: number): Budget {
  const day = connection.connector.quota?.day ?? 'calendar';
  return new Budget(
    { ...ledger, day },
    { percent: connection.limits.dailyCallsPercent ?? DEFAULT_PERCENT, now },
  );
}

function waitingOf(waits: Ledger['waits'], now: number): CallsView['waiting'] {
  return (['fetch', 'pull', 'push'] as const)
    .flatMap((work) => {
      const until = waits[work];
      return until === undefined || until <= now ? [] : [{ work, until: new Date(until).toISOString() }];
    })
    .sort((a, b) => (a.until < b.until ? -1 : 1));
}

function finite(calls: number): number | null {
  return calls === Infinity ? null : calls;
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
