import { Injectable } from '@nestjs/common';
import { reportIssues, clearIssues, type IssueTarget } from '../issues/issue.repository.js';
import { Database, execute, json, rows, sql, type Transaction } from '../platform/database/index.js';
import { SecretError, Vault } from '../platform/secrets/index.js';
import { addCounts } from '../runs/run.repository.js';
import { ConnectorError, type ConnectorContext } from '../sdk/index.js';
import type { ActiveConnection, KeyedHash } from './active-connection.js';
import { ConnectionHttp } from './connection-http.js';
import { ConnectorRegistry } from './connector-registry.js';
import { ConnectionDirectory } from './directory.js';
import { loadKeyedHash } from './keyed-hash.repository.js';
import { knownRecords } from './known-records.js';
import { activate, type ConnectionRow } from './activate.js';
import { contextLog } from './context-log.js';
import { CredentialStore, type StoredCredentials } from './credentials.repository.js';

/** A connection with the context of one piece of work on it. */
export interface ConnectionSession {
  readonly connection: ActiveConnection;
  readonly context: ConnectorContext;
  /** The system's clock minus the hub's as measured by now, ms; 0 while it is within the resolution of measuring. */
  clockOffsetMs(): number;
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
    const found = await rows<ConnectionRow>(
      tx ?? this.database.prisma,
      sql`select id::text as id, name, connector, settings, schedule, time_zone as "timeZone", sync, mapping, position,
              state, clock_offset_ms as "clockOffsetMs" from connection order by position, name`,
    );
    const keyedHash = await this.hashing();
    return new ConnectionDirectory(
      found.map((row) => activate(row, this.registry.find(row.connector), keyedHash)),
    );
  }

  /** The key never changes once it is made: read once a process. */
  private async hashing(): Promise<KeyedHash> {
    // Outside of any transaction: one that is rolled back must not take the key with it.
    this.keyedHash ??= await loadKeyedHash(this.database.prisma, this.vault);
    return this.keyedHash;
  }

  /** A context for one piece of work; it ends with the signal. */
  async open(connection: ActiveConnection, signal: AbortSignal): Promise<ConnectionSession> {
    const stored = await this.loadCredentials(connection);
    let calls = 0;
    const http = this.http.of(connection);
    const context: ConnectorContext = {
      connection: connection.name,
      settings: connection.settings,
      credentials: stored.inForce,
      saveCredentials: (renewed) => this.credentials.renew(connection, stored, renewed),
      cache: this.http.cacheOf(connection),
      http: http.client({
        signal,
        onCall: () => {
          calls += 1;
        },
      }),
      log: contextLog(connection),
      clock: this.http.clock(signal),
      signal,
      known: knownRecords(this.database, connection.id),
    };
    return {
      connection,
      context,
      clockOffsetMs: () => significant(http.offsetMs() || connection.clockOffsetMs),
      flushCounts: async (object, runId) => {
        const made = calls;
        calls = 0;
        await this.saveOffset(connection, http.offsetMs());
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
    const row = await this.database.prisma.connection.findUnique({
      where: { id: connection.id },
      select: { webhookSecrets: true },
    });
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
    await reportIssues(tx, [
      {
        ...connectionTarget(connection),
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
  }

  private async saveOffset(connection: ActiveConnection, measured: number): Promise<void> {
    const offset = significant(measured);
    if (Math.abs(offset - connection.clockOffsetMs) < SMALLEST_OFFSET_MS) return;
    await this.database.prisma.connection.update({
      where: { id: connection.id },
      data: { clockOffsetMs: offset },
    });
  }
}

const SMALLEST_OFFSET_MS = 2_000;

/** Small offsets are the resolution of the `Date` header, not a clock that is wrong. */
function significant(offsetMs: number): number {
  return Math.abs(offsetMs) < SMALLEST_OFFSET_MS ? 0 : Math.round(offsetMs);
}

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
