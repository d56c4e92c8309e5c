import { randomUUID } from 'node:crypto';
import {
  affected,
  DEFAULT_LIMITS,
  judgeWrites,
  type BreakerLimits,
  type HoldReason,
  type WriteCounts,
} from '../core/breaker/index.js';
import { objectOf, type ActiveConnection } from '../connections/active-connection.js';
import type { Transaction } from '../platform/database/index.js';
import type { Entity } from '../sdk/index.js';
import * as repository from './gate.repository.js';
import type { GateFacts, GateWrite, WaitingGroup } from './gate.repository.js';
import { tellUndecided } from './gate-issues.js';

/** Which waiting writes may go now. */
export interface OpenGate {
  readonly runIds: readonly string[];
  /** Those that no run caused. */
  readonly withoutRun: boolean;
}

/** What is about to be written for one run, or for none. */
interface Candidate {
  readonly runId: string | null;
  readonly gate: WaitingGroup['gate'];
  readonly approvedBy: string | null;
  readonly counts: Partial<Record<Entity, WriteCounts>>;
}

/**
 * Judges what waits to be written to a connection, before any of it is: how many records each run would write there,
 * together with what it has written already. A run is judged when it is read and resolved. What is too much, and the
 * first writes to a system that holds records, wait for a person. A handful of statements however much waits.
 */
export async function openGate(tx: Transaction, connection: ActiveConnection): Promise<OpenGate> {
  const groups = await repository.waitingGroups(tx, connection.id);
  if (groups.length === 0) return { runIds: [], withoutRun: false };
  const candidates = candidatesOf(groups);
  const facts = await repository.gateFacts(tx, connection.id, {
    runIds: candidates.flatMap(({ runId }) => runId ?? []),
    withoutRun: candidates.some(({ runId }) => runId === null),
  });
  const withWritten = candidates.map((one) => addWritten(one, facts, connection));
  const approved = withWritten.filter(({ gate, approvedBy }) => gate === 'approved' || approvedBy !== null);
  const ready = withWritten.filter((one) => !approved.includes(one) && isReady(one, facts, connection));
  const records = await recordsToJudgeBy(tx, connection, { ready, cleared: facts.cleared });
  const limits = limitsOf(connection);
  const judged = ready.map((one) => ({
    ...one,
    verdict: judgeWrites({ counts: one.counts, records, limits, cleared: facts.cleared }),
  }));
  const open = judged.filter(({ verdict }) => verdict === 'open');
  const counted = ({ counts }: Candidate): GateWrite['counts'] =>
    Object.fromEntries(
      Object.entries(counts).map(([entity, count]) => [
        entity,
        { ...count, records: records[entity as Entity] ?? 0 },
      ]),
    );
  await repository.storeGates(tx, connection.id, [
    ...approved.flatMap((one) => gateOf(one, 'approved', counted(one))),
    ...open.flatMap((one) => gateOf(one, 'open', counted(one))),
  ]);
  const isEmptied = open.length > 0 && facts.objectsRead >= connection.objects.length;
  if (!facts.cleared && (approved.length > 0 || isEmptied))
    await repository.clearConnections(tx, [connection.id], null);
  const tripped = judged.flatMap((one) => (one.verdict === 'open' ? [] : [{ ...one, reason: one.verdict }]));
  if (tripped.length > 0) await hold(tx, connection, { tripped, facts, records });
  const passing = [...approved, ...open];
  return {
    runIds: passing.flatMap(({ runId }) => runId ?? []),
    withoutRun: passing.some(({ runId }) => runId === null),
  };
}

function candidatesOf(groups: readonly WaitingGroup[]): Candidate[] {
  return [...Map.groupBy(groups, ({ runId }) => runId)].map(([runId, own]) => {
    const counts: Partial<Record<Entity, WriteCounts>> = {};
    for (const { entity, kind, count } of own) {
      const before = counts[entity] ?? { create: 0, update: 0, archive: 0, written: 0 };
      counts[entity] = { ...before, [kind]: before[kind] + count };
    }
    return { runId, gate: own[0]?.gate ?? null, approvedBy: own[0]?.approvedBy ?? null, counts };
  });
}

function addWritten(candidate: Candidate, facts: GateFacts, connection: ActiveConnection): Candidate {
  const counts = { ...candidate.counts };
  for (const { runId, object, count } of facts.written) {
    const entity = objectOf(connection, object)?.entity;
    const before = entity === undefined ? undefined : counts[entity];
    if (runId !== candidate.runId || entity === undefined || before === undefined) continue;
    counts[entity] = { ...before, written: before.written + count };
  }
  return { ...candidate, counts };
}

/** Whether all that is coming is there to be counted. */
function isReady(
  { runId, gate, counts }: Candidate,
  facts: GateFacts,
  connection: ActiveConnection,
): boolean {
  if (!facts.cleared && facts.objectsRead < connection.objects.length) return false;
  if (gate === 'open') return true;
  if (runId !== null) return !facts.unfinished.includes(runId);
  if (!facts.cleared) return !facts.busy && facts.unresolved === 0;
  // A trickle goes on while it is far from too much, whatever else waits to be resolved.
  if (facts.unresolved === 0) return true;
  const limits = Object.values(limitsOf(connection)).flatMap((limit) =>
    limit === false ? [] : [limit.atLeast],
  );
  const most = Object.values(counts).reduce((sum, count) => sum + affected(count), facts.unresolved);
  return most < Math.min(...limits);
}

/** Counting all records of a system is dear: only where the answer can matter. */
async function recordsToJudgeBy(
  tx: Transaction,
  connection: ActiveConnection,
  { ready, cleared }: { readonly ready: readonly Candidate[]; readonly cleared: boolean },
): Promise<Partial<Record<Entity, number>>> {
  if (ready.length === 0) return {};
  const limits = limitsOf(connection);
  const isMuch = ready.some(({ counts }) =>
    (Object.entries(counts) as [Entity, WriteCounts][]).some(([entity, count]) => {
      const limit = limits[entity] ?? DEFAULT_LIMITS;
      return limit !== false && affected(count) >= limit.atLeast;
    }),
  );
  return isMuch || !cleared ? repository.recordCounts(tx, connection.id) : {};
}

function limitsOf(connection: ActiveConnection): Partial<Record<Entity, BreakerLimits | false>> {
  return Object.fromEntries(
    connection.objects.map(({ entity, policy }) => [entity, policy.breaker ?? DEFAULT_LIMITS]),
  );
}

function gateOf(one: Candidate, state: 'open' | 'approved', counts: GateWrite['counts']): GateWrite[] {
  if (one.runId === null || one.gate === 'approved' || one.gate === state) return [];
  return [{ runId: one.runId, state, reason: null, counts, decidedBy: one.approvedBy }];
}

/** One run a connection waits for a person at most: what trips later joins it. */
async function hold(
  tx: Transaction,
  connection: ActiveConnection,
  {
    tripped,
    facts,
    records,
  }: {
    readonly tripped: readonly (Candidate & { readonly reason: HoldReason })[];
    readonly facts: GateFacts;
    readonly records: Partial<Record<Entity, number>>;
  },
): Promise<void> {
  const [first] = tripped;
  if (first === undefined) return;
  const runId = facts.heldRun ?? tripped.find((one) => one.runId !== null)?.runId ?? randomUUID();
  if (facts.heldRun === null && tripped.every((one) => one.runId === null))
    await repository.insertHeldRun(tx, runId);
  await repository.moveIntents(tx, connection.id, {
    from: tripped.flatMap((one) => one.runId ?? []),
    withoutRun: !facts.cleared || tripped.some((one) => one.runId === null),
    to: runId,
  });
  const counts: Partial<Record<Entity, WriteCounts & { records: number }>> = {};
  for (const { entity, kind, count } of await repository.waitingCounts(tx, runId, connection.id)) {
    const before = counts[entity] ?? {
      create: 0,
      update: 0,
      archive: 0,
      written: tripped.reduce((sum, one) => sum + (one.counts[entity]?.written ?? 0), 0),
      records: records[entity] ?? 0,
    };
    counts[entity] = { ...before, [kind]: before[kind] + count };
  }
  await repository.storeGates(tx, connection.id, [
    { runId, state: 'held', reason: first.reason, counts, decidedBy: null },
  ]);
  await repository.reopenHeld(tx, runId);
  await tellUndecided(tx, connection);
}
