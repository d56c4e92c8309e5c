import { Injectable } from '@nestjs/common';
import type { Budget, Urgency } from '../core/quota/budget.js';
import {
  clearIssues,
  clearUnlessRecent,
  reportIssues,
  type IssueTarget,
} from '../issues/issue.repository.js';
import {
  Database,
  execute,
  firstRow,
  json,
  rows,
  sql,
  type Transaction,
} from '../platform/database/index.js';
import { createHttpClient, DEFAULT_BUCKET } from '../platform/http/index.js';
import { SecretError, Vault } from '../platform/secrets/index.js';
import { addCounts } from '../runs/run.repository.js';
import { ConnectorError, type ConnectorContext } from '../sdk/index.js';
import type { ActiveConnection, KeyedHash } from './active-connection.js';
import type { Waits } from './call-ledger.repository.js';
import { CallsUsedUp } from './calls-used-up.js';
import { ConnectionHttp } from './connection-http.js';
import { ConnectorRegistry } from './connector-registry.js';
import { ConnectionDirectory } from './directory.js';
import { loadKeyedHash } from './keyed-hash.repository.js';
import { knownRecords } from './known-records.js';
import { activate, CONNECTION_ROWS, type ConnectionRow } from './activate.js';
import { contextLog } from './context-log.js';
import { CredentialStore, type StoredCredentials } from './credentials.repository.js';

/** A stray error is told for so long after the last one (ms). */
const STRAY_MS = 3_600_000;

/** A connection with the context of one piece of work on it. */
export interface ConnectionSession {
  readonly connection: ActiveConnection;
  readonly context: ConnectorContext;
  readonly urgency: Urgency;
  /** Until when kinds of work on this connection wait, as last heard. */
  waits(): Waits;
  /** The system's clock minus the hub's as measured by now, ms; 0 while it is within the resolution of measuring. */
  clockOffsetMs(): number;
  /**
   * Does what must not be stopped half way for want of API calls: refuses beforehand, when fewer are left than it takes.
   *
   * @throws CallsUsedUp with nothing done
   */
  whole<T>(calls: number, work: () => Promise<T>): Promise<T>;
  /** Resolves when one more call would not crowd out those after it: at once, unless half of a rate limit is used up. */
  evenly(): Promise<void>;
  /** API calls made so far. */
  calls(): number;
  /** Back-fill that has made so many calls that others, who wait for the same share, should go on. */
  hadTurn(): boolean;
  /** Adds the API calls made since the last time to a run's counts. */
  flushCounts(object: string, runId: string | null): Promise<void>;
}

/** Configured connections: what they are, and contexts to work with them. */
@Injectable()
export class ConnectionsService {
  private readonly credentials: CredentialStore;
  private keyedHash: KeyedHash | undefined;

  constructor(
    private readonly database: Database,
    private readonly registry: ConnectorRegistry,
    private readonly vault: Vault,
    private readonly http: ConnectionHttp,
  ) {
    this.credentials = new CredentialStore(database, vault);
  }

  /** All connections as they are now; one whose connector is broken has no objects. */
  async directory(tx?: Transaction): Promise<ConnectionDirectory> {
    return this.directoryOf(await rows<ConnectionRow>(tx ?? this.database, CONNECTION_ROWS));
  }

  /** The same of rows that came with something else. */
  async directoryOf(found: readonly ConnectionRow[]): Promise<ConnectionDirectory> {
    const keyedHash = await this.hashing();
    return new ConnectionDirectory(
      found.map((row) => activate(row, this.registry.find(row.connector), keyedHash)),
    );
  }

  /** The key never changes once it is made: read once a process. */
  private async hashing(): Promise<KeyedHash> {
    // Outside of any transaction: one that is rolled back must not take the key with it.
    this.keyedHash ??= await loadKeyedHash(this.database, this.vault);
    return this.keyedHash;
  }

  /**
   * A context for one piece of work; it ends with the signal. `ungated`: a person asks for a handful of calls, which
   * are made though the hub's share of a day's calls is used up.
   */
  async open(
    connection: ActiveConnection,
    signal: AbortSignal,
    { urgency = 'urgent', ungated = false }: { readonly urgency?: Urgency; readonly ungated?: boolean } = {},
  ): Promise<ConnectionSession> {
    const stored = await this.loadCredentials(connection);
    const { limiter, offset, meter } = this.http.of(connection);
    const clock = this.http.clock(signal);
    offset.assume(connection.clockOffsetMs);
    let [calls, counted] = [0, 0];
    let granted = ungated;
    let turn = Infinity;
    const check = async (needed: (budget: Budget) => number): Promise<void> => {
      const percent = connection.limits.dailyCallsPercent;
      const budget = await meter.budget(percent);
      turn = budget.turn();
      if (budget.left(urgency) >= needed(budget)) return;
      // A person may have asked to try again meanwhile.
      const latest = await meter.latest(percent);
      if (latest.left(urgency) < needed(latest)) throw new CallsUsedUp(latest, urgency, clock.now());
    };
    const context: ConnectorContext = {
      connection: connection.name,
      settings: connection.settings,
      credentials: stored.inForce,
      saveCredentials: (renewed) => this.credentials.renew(connection, stored, renewed),
      cache: this.http.cacheOf(connection),
      http: createHttpClient({
        sender: this.http.sender,
        limiter,
        offset,
        clock,
        signal,
        admit: async () => {
          if (!granted) await check(() => 1);
          return meter.begin(urgency);
        },
        onCall: () => {
          calls += 1;
        },
      }),
      log: contextLog(connection),
      clock,
      signal,
      known: knownRecords(this.database, connection.id),
    };
    return {
      connection,
      context,
      urgency,
      waits: () => meter.waits,
      evenly: async () => {
        const gap = limiter.gap(DEFAULT_BUCKET);
        if (gap > 0) await clock.sleep(gap);
      },
      calls: () => calls,
      hadTurn: () => urgency === 'backfill' && calls >= turn,
      clockOffsetMs: () => offset.ms(),
      whole: async (needed, work) => {
        // A share so small that it never has as many: a tenth of it will do.
        await check(({ share }) => Math.max(1, Math.min(needed, Math.ceil(share / 10))));
        granted = true;
        try {
          return await work();
        } finally {
          granted = ungated;
        }
      },
      flushCounts: async (object, runId) => {
        const made = calls - counted;
        counted = calls;
        await this.saveOffset(connection, offset.ms());
        if (made === 0) return;
        await this.database.transaction((tx) =>
          addCounts(tx, runId, [{ connectionId: connection.id, object, calls: made }]),
        );
      },
    };
  }

  private async loadCredentials(connection: ActiveConnection): Promise<StoredCredentials> {
    try {
      return await this.credentials.load(connection);
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      const { message, remedy } = error;
      throw new ConnectorError({
        kind: 'credentials',
        code: 'CREDENTIALS_SEALED',
        message,
        remedy,
        cause: error,
      });
    }
  }

  /** Secrets to verify a connection's webhooks with; null when it has none. */
  async webhookSecrets(connection: ActiveConnection): Promise<unknown> {
    const row = await firstRow<{ webhookSecrets: string | null }>(
      this.database,
      sql`select webhook_secrets as "webhookSecrets" from connection where id = ${connection.id}::uuid`,
    );
    if (row?.webhookSecrets == null) return null;
    return JSON.parse(this.vault.open(row.webhookSecrets, `webhooks:${connection.id}`));
  }

  /** A person must act: the connection stops, says why, and is tried again with the next sync that is asked for. */
  async fail(tx: Transaction, connection: ActiveConnection, error: ConnectorError): Promise<void> {
    const problem = { code: error.code, kind: error.kind, message: error.message, remedy: error.remedy };
    await execute(
      tx,
      sql`update connection set state = 'failed', problem = ${json(problem)}, updated_at = now()
        where id = ${connection.id}::uuid and state in ('active', 'failed')`,
    );
    await this.trouble(tx, connection, error);
  }

  /** The system does not do what it should just now; told until it does again. */
  async trouble(tx: Transaction, connection: ActiveConnection, error: ConnectorError): Promise<void> {
    await this.tell(tx, connectionTarget(connection), error);
  }

  /** Its connector failed at something that nobody waited for: told until it has not for an hour. */
  async stray(tx: Transaction, connection: ActiveConnection, error: ConnectorError): Promise<void> {
    await this.tell(tx, strayTarget(connection), error);
  }

  private async tell(tx: Transaction, target: IssueTarget, error: ConnectorError): Promise<void> {
    await reportIssues(tx, [
      {
        ...target,
        recordId: null,
        code: error.code,
        severity: 'error',
        valueKind: null,
        valueLength: null,
        refused: null,
        message: error.message,
        remedy: error.remedy,
        detail: error.detail ?? null,
        nextTryAt: error.retryAt ?? null,
      },
    ]);
  }

  /** It works again. */
  async recover(tx: Transaction, connection: ActiveConnection): Promise<void> {
    await execute(
      tx,
      sql`update connection set state = 'active', problem = null, updated_at = now()
        where id = ${connection.id}::uuid and state = 'failed'`,
    );
    await clearIssues(tx, [connectionTarget(connection)]);
    // A read that went well says nothing of what comes after it.
    await clearUnlessRecent(tx, strayTarget(connection), STRAY_MS);
  }

  private async saveOffset(connection: ActiveConnection, offset: number): Promise<void> {
    if (Math.abs(offset - connection.clockOffsetMs) < WORTH_SAVING_MS) return;
    await execute(
      this.database,
      sql`update connection set clock_offset_ms = ${offset}, updated_at = now() where id = ${connection.id}::uuid`,
    );
  }
}

/** Other processes start from what is saved, and measure for themselves. */
const WORTH_SAVING_MS = 100;

function connectionTarget(connection: ActiveConnection): IssueTarget {
  return {
    connectionId: connection.id,
    object: null,
    externalId: null,
    goldenId: null,
    operation: 'connection',
    field: null,
  };
}

function strayTarget(connection: ActiveConnection): IssueTarget {
  return { ...connectionTarget(connection), field: 'connector' };
}
