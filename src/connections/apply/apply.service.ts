import { randomUUID } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { retryIssues } from '../../issues/issue-retry.repository.js';
import { clearIssues } from '../../issues/issue.repository.js';
import {
  packagesOf,
  parseConfig,
  type ConfigPath,
  type ConfigProblem,
  type Environment,
} from '../../platform/config/index.js';
import { readDocument, type ConfigDocument } from '../../platform/config/document.js';
import { Database, type Transaction } from '../../platform/database/index.js';
import { SecretError, Vault } from '../../platform/secrets/index.js';
import { auditSettings } from '../../drift/audit-settings.repository.js';
import { RulesService } from '../../rules/rules.service.js';
import { enqueueResolve } from '../../sync/sync-jobs.js';
import { wake } from '../../sync/wake.js';
import { ConnectionHttp } from '../connection-http.js';
import { ConnectorRegistry } from '../connector-registry.js';
import { configuredPackages } from '../packages.repository.js';
import { asGiven, givenIn } from '../stored-credentials.js';
import * as repository from './apply.repository.js';
import type { SealedConnection } from './apply.repository.js';
import { desiredOf, type Desired, type DesiredConnection } from './desired.js';
import {
  becomesWritable,
  reconcile,
  type AppliedChange,
  type ConnectionOperation,
  type Stored,
  type StoredConnection,
} from './reconcile.js';

export interface ApplyOptions {
  /** Of the file: relative paths in settings start at its folder. */
  readonly path: string;
  readonly env: Environment;
  /** Only say what would change. */
  readonly dryRun: boolean;
}

export type ApplyResult =
  | {
      readonly ok: true;
      readonly dryRun: boolean;
      /** Empty when the file says what is in force already. */
      readonly changes: readonly AppliedChange[];
      /** Of everything the file says. */
      readonly hash: string;
    }
  /** Nothing was applied. In order of place. */
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Puts a configuration file in force: all of it, or nothing. */
@Injectable()
export class ApplyService {
  constructor(
    private readonly database: Database,
    private readonly registry: ConnectorRegistry,
    private readonly rules: RulesService,
    private readonly vault: Vault,
    private readonly http: ConnectionHttp,
  ) {}

  async apply(fileText: string, options: ApplyOptions): Promise<ApplyResult> {
    const packages = packagesOf(fileText);
    await this.registry.usePackages(packages);
    const parsed = parseConfig({
      text: fileText,
      folder: dirname(resolve(options.path)),
      environment: options.env,
      connectors: this.registry.lookup(),
    });
    const document = readDocument(fileText, options.env);
    const broken = this.brokenPackages(packages, document);
    if (!parsed.ok) return { ok: false, problems: inOrder([...broken, ...parsed.problems]) };
    if (broken.length > 0) return { ok: false, problems: broken };
    const desired = desiredOf(parsed.config);
    return this.database.transaction(async (tx) => {
      await repository.lockConfiguration(tx);
      const stored = await this.stored(tx);
      const swapped = swappedConnectors(stored, desired, document);
      if (swapped.length > 0) return { ok: false, problems: swapped };
      const plan = reconcile(stored, desired, hiddenPlaces(desired, document));
      if (!options.dryRun) {
        for (const operation of plan.operations) await this.carryOut(tx, operation);
        await this.rules.put(tx, desired.rules);
        if (plan.recompute) await repository.recomputeAll(tx);
        if (plan.rematch) await repository.rematchAll(tx);
        if (plan.recompute || plan.rematch) await enqueueResolve(tx);
      }
      return { ok: true, dryRun: options.dryRun, changes: plan.changes, hash: parsed.hash };
    });
  }

  private brokenPackages(packages: readonly string[], document: ConfigDocument): readonly ConfigProblem[] {
    return this.registry.problems().flatMap(({ source, message, remedy }) => {
      const index = packages.indexOf(source);
      if (index < 0) return [];
      return [
        document.locate({
          path: ['packages', index],
          message: `The package ${source} cannot be used. ${message}`,
          remedy,
        }),
      ];
    });
  }

  private async stored(tx: Transaction): Promise<Stored> {
    const { survivorship, matching } = await this.rules.current(tx);
    return {
      connections: (await repository.loadConnections(tx)).map((row) => this.opened(row)),
      rules: {
        survivorship,
        matching,
        packages: await configuredPackages(tx),
        audit: await auditSettings(tx),
      },
    };
  }

  private opened(row: SealedConnection): StoredConnection {
    const { credentials, webhookSecrets, ...rest } = row;
    const secret = (sealed: string | null, context: string): string | null => {
      if (sealed === null) return null;
      try {
        return this.vault.open(sealed, context);
      } catch (error) {
        // Sealed with a key that is gone: what the file gives takes its place.
        if (error instanceof SecretError) return null;
        throw error;
      }
    };
    const given = secret(credentials, `credentials:${row.id}`);
    const webhooks = secret(webhookSecrets, `webhooks:${row.id}`);
    return {
      ...rest,
      credentials: given === null ? null : givenIn(given),
      webhooks: webhooks === null ? null : (JSON.parse(webhooks) as unknown),
    };
  }

  private async carryOut(tx: Transaction, operation: ConnectionOperation): Promise<void> {
    switch (operation.kind) {
      case 'add':
        await repository.storeConnection(tx, this.sealed(randomUUID(), operation.to), { asks: true });
        return;
      case 'change': {
        const { id } = operation.from;
        const asks = becomesWritable(operation);
        await repository.storeConnection(tx, this.sealed(id, operation.to), { asks });
        await clearIssues(tx, [
          {
            connectionId: id,
            object: null,
            externalId: null,
            goldenId: null,
            operation: 'connection',
            field: null,
          },
        ]);
        await this.tryRefusedAgain(tx, operation.to.name);
        this.http.forget(id);
        await wake(tx, id);
        return;
      }
      case 'move':
        await repository.moveConnection(tx, operation.from.id, operation.to.position);
        return;
      case 'remove':
        await repository.removeConnection(tx, operation.from.id);
        this.http.forget(operation.from.id);
        return;
    }
  }

  /** What was refused may be taken under the new settings or mapping; what is not tells anew. */
  private async tryRefusedAgain(tx: Transaction, connection: string): Promise<void> {
    const refused = { connection, state: 'open', severity: 'error', operation: 'write' } as const;
    const { count } = await retryIssues(tx, { filter: refused });
    if (count > 0) await enqueueResolve(tx);
  }

  private sealed(id: string, connection: DesiredConnection): repository.ConnectionWrite {
    const { credentials, webhooks, ...rest } = connection;
    return {
      ...rest,
      id,
      credentials: this.vault.seal(asGiven(credentials), `credentials:${id}`),
      webhookSecrets: webhooks === null ? null : this.vault.seal(JSON.stringify(webhooks), `webhooks:${id}`),
    };
  }
}

/** Records and ids of one kind of system mean nothing in another. */
function swappedConnectors(
  stored: Stored,
  desired: Desired,
  document: ConfigDocument,
): readonly ConfigProblem[] {
  const byName = new Map(stored.connections.map((connection) => [connection.name, connection]));
  return desired.connections.flatMap((to, index) => {
    const from = byName.get(to.name);
    if (from === undefined || from.connector === to.connector) return [];
    return [
      document.locate({
        path: ['connections', index, 'connector'],
        message: `"${to.name}" was a connection of ${from.connector}, and its records are still known.`,
        remedy: 'Give the new connection a name of its own.',
      }),
    ];
  });
}

/** Settings that came out of the environment are not shown. */
function hiddenPlaces(
  desired: Desired,
  document: ConfigDocument,
): (connection: string, path: ConfigPath) => boolean {
  const index = new Map(desired.connections.map((connection) => [connection.name, connection.position]));
  return (connection, path) => document.isExpanded(['connections', index.get(connection) ?? -1, ...path]);
}

function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
