import { Injectable } from '@nestjs/common';
import { mergedChanges } from '../core/survivorship/index.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { removeErased } from '../erasure/keep-out.js';
import { deleteIssues, reportIssues } from '../issues/issue.repository.js';
import { Database, isDatabaseTrouble, type Transaction } from '../platform/database/index.js';
import { freezeSwinging } from './freeze.js';
import { dropObsolete } from './gate.repository.js';
import { tellUndecided } from './gate-issues.js';
import { planWrites } from './intents.js';
import * as outbox from './outbox.repository.js';
import { placeRecords, type MergedGolden } from './placing.js';
import { loadPlanningFacts } from './planning-facts.js';
import { loadResolveContext, type ResolveContext } from './resolve-context.js';
import * as repository from './resolve.repository.js';
import type { GoldenRow, ResolveTask } from './resolve.repository.js';
import { setTaskAside } from './set-task-aside.js';
import type { StoredRecord } from './source-record.js';
import { isNothing, NOTHING_FRESH, type ResolveWork } from './resolve-work.js';
import { enqueuePushes, enqueueResolve } from './sync-jobs.js';
import { surviveAll, type GoldenGroup, type Survived } from './surviving.js';

/** Tasks of one transaction: enough to spare statements, few enough to keep transactions short. */
const BATCH = 1_000;
/** So many tasks fail one after the other: then something else is wrong. */
const HOPELESS = 10;

/** Links changed records to customers, computes their golden records, and plans what to push. */
@Injectable()
export class ResolveService {
  private failedInARow = 0;

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
  ) {}

  /** One batch of waiting tasks; false when there were none. */
  async step(): Promise<boolean> {
    try {
      // The tasks come back if the database forgets it.
      return await this.database.transaction((tx) => this.resolve(tx), { durable: false });
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      await this.resolveOneByOne(error);
      return true;
    }
  }

  /**
   * A batch that fails as a whole goes on task by task up to the one that breaks it, which is set aside as an issue.
   *
   * @throws the error when the first tasks all fail, or the database is away: then it is not the tasks
   */
  private async resolveOneByOne(cause: unknown): Promise<void> {
    for (let done = 0; done < BATCH; done += 1) {
      try {
        if (!(await this.database.transaction((tx) => this.resolve(tx, 1)))) return;
        this.failedInARow = 0;
      } catch (error) {
        if (isDatabaseTrouble(error)) throw error;
        this.failedInARow += 1;
        if (this.failedInARow >= HOPELESS) throw cause;
        await this.database.transaction((tx) => setTaskAside(tx, error));
        return;
      }
    }
  }

  /** The same within a transaction that the caller ends: a dry run rolls it back. */
  async resolve(tx: Transaction, limit = BATCH): Promise<boolean> {
    await repository.lockResolve(tx);
    const tasks = await repository.takeTasks(tx, limit);
    if (tasks.length === 0) return false;
    const work = {
      records: idsOf(tasks, 'record'),
      golden: idsOf(tasks, 'golden'),
      fresh: NOTHING_FRESH,
      tasks,
      runId: tasks.find((task) => task.runId !== null)?.runId ?? null,
    };
    await this.resolveNow(tx, work, await this.context(tx));
    return true;
  }

  /** What decides in this transaction; to be asked for under the resolver's lock. */
  async context(tx: Transaction): Promise<ResolveContext> {
    return loadResolveContext(tx, this.connections);
  }

  /** Work that the caller has at hand, under the resolver's lock that it took at the start of its transaction. */
  async resolveNow(tx: Transaction, work: ResolveWork, context: ResolveContext): Promise<void> {
    if (isNothing(work)) return;
    const { runId, fresh } = work;
    const { directory, rules } = context;
    // What was taken in under this same lock was kept out then.
    const old = work.records.filter((id) => !fresh.has(id));
    const toPlace = [...fresh.keys(), ...(await removeErased(tx, old, context))];
    const placed = await placeRecords(tx, toPlace, {
      directory,
      matching: rules.matching,
      fresh,
      entity: work.entity,
    });
    const goldenIds = [...new Set([...work.golden, ...placed.golden])];
    const groups = await loadGroups(tx, goldenIds, placed.groups);
    const survived = await surviveAll(tx, groups, { directory, rules: rules.survivorship });
    const frozen = await freezeSwinging(tx, survived, { directory, now: Date.now() });
    const told = withMerged(survived, placed.merged);
    const tasks = await repository.storeResolved(tx, {
      golden: told.filter((golden) => golden.differs).map((golden) => golden.write),
      changes: told
        .filter((golden) => golden.changes.length > 0)
        .map(({ id, version, changes }) => ({ goldenId: id, version, runId, changes })),
      relinked: placed.relinked,
      runId,
    });
    await this.plan(tx, frozen, { context, runOf: runsOf(work), asks: placed.asks });
    if (tasks > 0) await enqueueResolve(tx);
  }

  private async plan(
    tx: Transaction,
    survived: readonly Survived[],
    {
      context: { directory, asks: asksAny },
      runOf,
      asks,
    }: {
      readonly context: ResolveContext;
      readonly runOf: (golden: Survived) => string | null;
      readonly asks: boolean;
    },
  ): Promise<void> {
    const facts = await loadPlanningFacts(tx, survived, { directory, asks, asksAny });
    const planned = survived.map((golden) => ({ golden, ...planWrites(golden, facts) }));
    const intents = planned.flatMap(({ golden, intents: own }) => {
      const runId = runOf(golden);
      return own.map((intent) => ({ ...intent, runId }));
    });
    const issues = planned.flatMap((one) => one.issues);
    await deleteIssues(
      tx,
      planned.flatMap((one) => one.solved.filter((fingerprint) => facts.told.has(fingerprint))),
    );
    await reportIssues(tx, issues);
    const rejectedIn = await dropObsolete(
      tx,
      facts.waits ? survived.flatMap((golden) => (golden.isNew ? [] : golden.id)) : [],
      intents,
    );
    await outbox.addIntents(tx, intents);
    for (const id of rejectedIn) {
      const connection = directory.find(id);
      if (connection !== undefined) await tellUndecided(tx, connection);
    }
    await enqueuePushes(tx, [...new Set(intents.map((intent) => intent.connectionId))]);
  }
}

/** The run that a golden record is computed for: its own task's, or that of one of its records. */
function runsOf({ tasks, runId }: ResolveWork): (golden: Survived) => string | null {
  if (tasks === undefined) return () => runId;
  const runs = new Map(tasks.map((task) => [`${task.kind} ${task.id}`, task.runId]));
  return ({ id, records }) =>
    runs.get(`golden ${id}`) ??
    records.map((record) => runs.get(`record ${record.id}`)).find((run) => run != null) ??
    null;
}

function idsOf(tasks: readonly ResolveTask[], kind: ResolveTask['kind']): string[] {
  return tasks.filter((task) => task.kind === kind).map((task) => task.id);
}

async function loadGroups(
  tx: Transaction,
  goldenIds: readonly string[],
  atHand: ReadonlyMap<string, GoldenGroup>,
): Promise<GoldenGroup[]> {
  const wanted = goldenIds.filter((id) => !atHand.has(id));
  const stored = new Map((await repository.loadGolden(tx, wanted)).map((row) => [row.id, row]));
  const records = Map.groupBy(
    await repository.loadRecordsOfGolden(tx, wanted),
    (record) => record.goldenId ?? '',
  );
  return goldenIds.flatMap((id) => atHand.get(id) ?? knownGroup(id, stored, records));
}

function knownGroup(
  id: string,
  stored: ReadonlyMap<string, GoldenRow>,
  records: ReadonlyMap<string, readonly StoredRecord[]>,
): GoldenGroup[] {
  const row = stored.get(id) ?? null;
  const own = records.get(id) ?? [];
  const entity = row?.entity ?? own[0]?.entity;
  // An alias stays what it is: its records speak for the one that took it in.
  if (entity === undefined || (own.length === 0 && row?.mergedInto != null)) return [];
  return [{ id, entity, stored: row, records: own }];
}

/** What was golden only on a record that another took in must not go without a word. */
function withMerged(survived: readonly Survived[], merged: readonly MergedGolden[]): readonly Survived[] {
  if (merged.length === 0) return survived;
  return survived.map((golden) => {
    const told = merged
      .filter(({ survivorId }) => survivorId === golden.id)
      .flatMap(({ alias }) => mergedChanges(golden.entity, alias, golden.write, golden.changes));
    return told.length === 0 ? golden : { ...golden, changes: [...golden.changes, ...told], differs: true };
  });
}
