import { Injectable } from '@nestjs/common';
import type { HoldReason } from '../core/breaker/index.js';
import { objectOf } from '../connections/active-connection.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { isUuid } from '../customers/golden.repository.js';
import { RequestError } from '../customers/request-error.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { reportRun } from '../runs/run-report.js';
import { listGates, settleRuns, type GateReport } from '../runs/run.repository.js';
import * as repository from './gate.repository.js';
import type { GateState } from './gate.repository.js';
import { tellUndecided } from './gate-issues.js';
import type { IntentWrite } from './outbox.repository.js';
import * as outbox from './outbox.repository.js';
import { loadPushFacts } from './push-facts.js';
import { planPush } from './push-plan.js';
import { sampleOf, SAMPLES, type SampleWrite } from './sample-write.js';
import { enqueuePush } from './sync-jobs.js';

/** What of a run waits for a person in one connection, or was rejected there. */
export interface HeldWrites {
  readonly runId: string;
  readonly connection: string;
  readonly state: 'held' | 'rejected';
  readonly reason: HoldReason;
  /** Records that the connection held when it was judged, by entity. */
  readonly records: Readonly<Record<string, number>>;
  readonly writes: readonly {
    readonly object: string;
    readonly kind: IntentWrite['kind'];
    readonly count: number;
  }[];
  readonly samples: readonly (SampleWrite & { readonly object: string })[];
}

/** What runs would write and a person should see first: shown, approved, rejected. */
@Injectable()
export class ApprovalService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
  ) {}

  /** What waits for a person, of one run or of all, with samples as they would be written now. */
  async held(runId?: string): Promise<readonly HeldWrites[]> {
    return this.database.transaction(async (tx) => {
      const gates = await listGates(tx, runId ?? null);
      const shown: HeldWrites[] = [];
      for (const gate of gates) {
        if (gate.state === 'held' || (runId !== undefined && gate.state === 'rejected'))
          shown.push(await this.describe(tx, { ...gate, state: gate.state }));
      }
      return shown;
    });
  }

  /**
   * The run goes on and writes; what was rejected of it before is written after all.
   *
   * @throws RequestError when nothing of the run waits for that
   */
  async approve(runId: string, by: string): Promise<void> {
    await this.decide(runId, { state: 'approved', by });
  }

  /**
   * Nothing of what waits is written. The systems stay as they are, apart from the hub, and an issue says so, until
   * somebody approves it after all or the hub has something else to say.
   *
   * @throws RequestError when nothing of the run waits
   */
  async reject(runId: string, by: string): Promise<void> {
    await this.decide(runId, { state: 'rejected', by });
  }

  private async decide(
    runId: string,
    decision: { readonly state: 'approved' | 'rejected'; readonly by: string },
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const decided = isUuid(runId)
        ? await repository.decideGates(tx, { runId, connectionIds: null }, decision)
        : [];
      if (decided.length === 0) throw await this.nothingToDecide(tx, runId);
      const connectionIds = decided.map((row) => row.connectionId).sort();
      await this.follow(tx, runId, { connectionIds, state: decision.state });
      await settleRuns(tx);
    });
  }

  private async follow(
    tx: Transaction,
    runId: string,
    { connectionIds, state }: { readonly connectionIds: readonly string[]; readonly state: GateState },
  ): Promise<void> {
    const directory = await this.connections.directory(tx);
    if (state === 'approved') await repository.clearConnections(tx, connectionIds, runId);
    for (const id of connectionIds) {
      const connection = directory.find(id);
      if (connection !== undefined) await tellUndecided(tx, connection);
      if (state === 'approved') await enqueuePush(tx, id);
    }
  }

  private async describe(
    tx: Transaction,
    gate: GateReport & { readonly state: 'held' | 'rejected' },
  ): Promise<HeldWrites> {
    const { runId, connectionId } = gate;
    const connection = (await this.connections.directory(tx)).find(connectionId);
    const counts = await repository.waitingCounts(tx, runId, connectionId);
    const intents = await outbox.sampleIntents(tx, { runId, connectionId, limit: SAMPLES });
    const facts = connection && (await loadPushFacts(tx, connection, intents));
    const samples = intents.flatMap((intent) => {
      const setup = connection && objectOf(connection, intent.object);
      if (connection === undefined || setup === undefined || facts === undefined) return [];
      const push = planPush(intent, connection, setup, facts);
      return push === undefined ? [] : [{ object: intent.object, ...sampleOf(push) }];
    });
    return {
      runId,
      connection: gate.connection,
      state: gate.state,
      reason: gate.reason ?? 'many',
      records: Object.fromEntries(
        Object.entries(gate.counts).map(([entity, count]) => [entity, count.records]),
      ),
      writes: counts.map(({ object, kind, count }) => ({ object, kind, count })),
      samples,
    };
  }

  private async nothingToDecide(tx: Transaction, runId: string): Promise<RequestError> {
    const gates = isUuid(runId) ? await listGates(tx, runId) : [];
    const [decided] = gates.filter((gate) => gate.decidedBy !== null);
    if (decided !== undefined) {
      return new RequestError({
        kind: 'conflict',
        message: `Run ${runId} was ${decided.state} already, by ${decided.decidedBy ?? ''}.`,
        remedy: '`rapport status` shows what waits now.',
      });
    }
    const isRun = isUuid(runId) && (await reportRun(tx, runId)) !== null;
    return new RequestError({
      kind: isRun ? 'conflict' : 'unknown',
      message: isRun
        ? `Nothing of run ${runId} waits for approval.`
        : `There is no run ${runId.slice(0, 40)}.`,
      remedy: '`rapport status` shows what waits.',
    });
  }
}
