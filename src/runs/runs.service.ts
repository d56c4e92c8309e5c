import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ActiveConnection } from '../connections/active-connection.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { ConnectorRegistry } from '../connections/connector-registry.js';
import type { ConnectionDirectory } from '../connections/directory.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { ConnectorError } from '../sdk/index.js';
import { clearConnections, decideGates } from '../sync/gate.repository.js';
import { tellUndecided } from '../sync/gate-issues.js';
import { enqueuePull } from '../sync/sync-jobs.js';
import { askAgain } from '../sync/wake.js';
import { suggestion } from '../sdk/nearest.js';
import {
  countUnsynced,
  listRuns,
  reportRun,
  type RunReport,
  type RunSummary,
  type Unsynced,
} from './run-report.js';
import { adoptWaiting } from './adopt.js';
import { insertRun, isBeingPulled, isQuiet, settleRuns, updatePart, type NewRun } from './run.repository.js';

export interface StartRun {
  /** All connections unless named. */
  readonly connectionNames?: readonly string[];
  /** Read everything again, whatever the cursors say. */
  readonly full: boolean;
  readonly trigger: NewRun['trigger'];
  /** Who says yes beforehand to whatever the sync would stop to ask, and to what waits for it already. */
  readonly approvedBy?: string | undefined;
}

/** A sync that cannot be started, and what to do about it. */
export class RunRefused extends Error {
  constructor(
    readonly code: 'UNKNOWN_CONNECTION' | 'CONNECTION_PAUSED' | 'NOTHING_TO_SYNC',
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'RunRefused';
  }
}

/** Runs: a sync of some connections, and all it causes. */
@Injectable()
export class RunsService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly registry: ConnectorRegistry,
  ) {}

  /**
   * Starts a sync; the jobs do the rest. A connection that failed before is tried again.
   *
   * @throws RunRefused when a name is unknown, or there is nothing to sync
   */
  async start(request: StartRun): Promise<{ readonly runId: string }> {
    const runId = randomUUID();
    await this.database.transaction(async (tx) => {
      const directory = await this.connections.directory(tx);
      const chosen = choose(directory, request.connectionNames);
      const { trigger, full, approvedBy } = request;
      const run = { id: runId, trigger, full, scheduleKey: null, approvedBy };
      await this.insert(tx, run, chosen);
      if (request.connectionNames === undefined) await adoptWaiting(tx, runId);
      if (approvedBy !== undefined) await this.approveWaiting(tx, chosen, approvedBy);
      await askAgain(
        tx,
        chosen.map((connection) => connection.id),
      );
    });
    return { runId };
  }

  /**
   * Starts what is due by a connection's schedule; null when another process was first (the key says so), when the
   * connection cannot be synced now, or when an earlier run still reads it.
   */
  async startDue(connectionId: string, scheduleKey: string): Promise<{ readonly runId: string } | null> {
    const runId = randomUUID();
    const started = await this.database.transaction(async (tx) => {
      if (await isBeingPulled(tx, connectionId)) return false;
      const connection = (await this.connections.directory(tx)).find(connectionId);
      if (connection === undefined || !isReady(connection)) return false;
      return this.insert(tx, { id: runId, trigger: 'schedule', full: false, scheduleKey }, [connection]);
    });
    return started ? { runId } : null;
  }

  /**
   * Starts what a stream left open: a read of its connection from the cursor. Null when `settle`, in the same
   * transaction, says that nothing is open, or when the connection cannot be synced now, or an earlier run still reads
   * it: that one may have passed what is meant.
   */
  async startCatchUp(
    connectionId: string,
    settle: (tx: Transaction) => Promise<boolean>,
  ): Promise<{ readonly runId: string } | null> {
    const runId = randomUUID();
    const started = await this.database.transaction(async (tx) => {
      if (await isBeingPulled(tx, connectionId)) return false;
      const connection = (await this.connections.directory(tx)).find(connectionId);
      if (connection === undefined || !isReady(connection) || !(await settle(tx))) return false;
      return this.insert(tx, { id: runId, trigger: 'stream', full: false, scheduleKey: null }, [connection]);
    });
    return started ? { runId } : null;
  }

  /** Marks the runs that have settled; returns their ids. */
  async settle(): Promise<readonly string[]> {
    return this.database.transaction((tx) => settleRuns(tx));
  }

  /** A run with its parts, counts and what it still waits for; null when there is none of this id. */
  async find(runId: string): Promise<RunReport | null> {
    return reportRun(this.database, runId);
  }

  async list(page: { readonly limit: number; readonly before?: Date }): Promise<readonly RunSummary[]> {
    return listRuns(this.database, page);
  }

  /** What is left unsynced in the connections given, or in all of them. */
  async unsynced(connectionIds?: readonly string[]): Promise<Unsynced> {
    return countUnsynced(this.database, connectionIds ?? null);
  }

  /** Whether nothing more comes by itself within a minute from a sync of these connections, or goes anywhere. */
  async isQuiet(connectionIds: readonly string[]): Promise<boolean> {
    return isQuiet(this.database, connectionIds);
  }

  private async approveWaiting(
    tx: Transaction,
    chosen: readonly ActiveConnection[],
    by: string,
  ): Promise<void> {
    const connectionIds = chosen.map((connection) => connection.id);
    await decideGates(tx, { runId: null, connectionIds }, { state: 'approved', by });
    await clearConnections(tx, connectionIds, null);
    for (const connection of chosen) await tellUndecided(tx, connection);
  }

  private async insert(
    tx: Transaction,
    run: Omit<NewRun, 'connectionIds'>,
    chosen: readonly ActiveConnection[],
  ): Promise<boolean> {
    const connectionIds = chosen.map((connection) => connection.id).sort();
    if (!(await insertRun(tx, { ...run, connectionIds }))) return false;
    const absent = chosen.filter((one) => this.registry.find(one.connector.name) === undefined);
    for (const connection of absent) await this.giveUp(tx, run.id, connection);
    const without = new Set(absent.map((connection) => connection.id));
    for (const connectionId of connectionIds) {
      if (!without.has(connectionId)) await enqueuePull(tx, { runId: run.id, connectionId });
    }
    return true;
  }

  /** Nothing can be read without its connector: its part has failed before it began. */
  private async giveUp(tx: Transaction, runId: string, connection: ActiveConnection): Promise<void> {
    const error = connectorMissing(connection);
    const problem = { code: error.code, kind: error.kind, message: error.message, remedy: error.remedy };
    const progress = { done: [], totals: {} };
    await updatePart(tx, { runId, connectionId: connection.id, state: 'failed', progress, problem });
    await this.connections.fail(tx, connection, error);
  }
}

function isReady(connection: ActiveConnection): boolean {
  return connection.state === 'active' || connection.state === 'failed';
}

function choose(directory: ConnectionDirectory, names: readonly string[] | undefined): ActiveConnection[] {
  const present = directory.external.filter((connection) => connection.state !== 'removed');
  const wanted = names?.map((name) => {
    const found = present.find((connection) => connection.name === name);
    if (found === undefined) {
      const known = present.map((connection) => connection.name);
      throw new RunRefused(
        'UNKNOWN_CONNECTION',
        `There is no connection "${name}".`,
        suggestion(name, known),
      );
    }
    if (found.state === 'paused') {
      throw new RunRefused('CONNECTION_PAUSED', `The connection "${name}" is paused.`, 'Resume it first.');
    }
    return found;
  });
  const chosen = wanted ?? present.filter(isReady);
  if (chosen.length === 0) {
    throw new RunRefused(
      'NOTHING_TO_SYNC',
      'No connection is configured.',
      'Describe your connections in rapport.yaml, then run `rapport apply rapport.yaml`.',
    );
  }
  return chosen;
}

function connectorMissing(connection: ActiveConnection): ConnectorError {
  return new ConnectorError({
    kind: 'configuration',
    code: 'CONNECTOR_MISSING',
    message: `The connector "${connection.connector.name}" is not there or could not be loaded.`,
    remedy: 'See `rapport connectors` for what is wrong with it.',
  });
}
