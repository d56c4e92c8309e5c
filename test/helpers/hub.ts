/** A hub with connections to systems that are plain values: what a test says they hold is ingested and resolved. */
import { z } from 'zod';
import { CheckService } from '../../src/connections/check.js';
import type { ConnectionHttp } from '../../src/connections/connection-http.js';
import { ConnectionsService } from '../../src/connections/connections.service.js';
import { ConnectorRegistry } from '../../src/connections/connector-registry.js';
import { FIELDS } from '../../src/core/model/fields.js';
import { execute, json, sql } from '../../src/platform/database/index.js';
import { keysFromText, Vault } from '../../src/platform/secrets/index.js';
import { RulesService } from '../../src/rules/rules.service.js';
import { RunsService } from '../../src/runs/runs.service.js';
import { defineConnector, type Connector, type Entity, type JsonValue } from '../../src/sdk/index.js';
import { ensureHubConnection } from '../../src/startup/hub-connection.js';
import { ingest } from '../../src/sync/ingest.js';
import { ResolveService } from '../../src/sync/resolve.service.js';
import { connectionHttp } from './connection-http.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** Objects of the systems; their properties are named as the canonical fields. */
const OBJECTS: Readonly<Record<Entity, string>> = {
  customer: 'contact',
  account: 'company',
  deal: 'deal',
};

function connectorOf(name: string, change: Partial<Connector>): Connector {
  return defineConnector({
    sdk: 1,
    name,
    title: name.toUpperCase(),
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    cursor: z.json(),
    objects: () =>
      (['account', 'customer', 'deal'] as const).map((entity) => ({
        object: OBJECTS[entity],
        title: OBJECTS[entity],
        entity,
        mapping: [...FIELDS[entity].map((field) => field.name), 'custom.tier'].map((field) => ({
          field,
          property: field,
          direction: 'both' as const,
        })),
        requiredToCreate: [],
        creatable: true,
        batch: { read: 100, push: 100 },
      })),
    check: () => Promise.resolve([{ name: 'reach', status: 'ok' as const, message: 'It answers.' }]),
    discover: () => Promise.resolve([]),
    pull: async function* () {
      await Promise.resolve();
      yield { records: [], tombstones: [], cursor: null, readAt: Date.now() };
    },
    push: () => Promise.resolve([]),
    ...change,
  });
}

/** What a system says of one record. */
export interface Seen {
  readonly id: string;
  /** Canonical field → value; null is blank. A reference is `{ ref: { object: 'company', id } }`. */
  readonly values: Readonly<Record<string, JsonValue>>;
  /** ISO 8601. */
  readonly at: string;
  readonly url?: string;
}

export interface TestHub extends TestDatabase {
  readonly connections: ConnectionsService;
  readonly registry: ConnectorRegistry;
  readonly rules: RulesService;
  readonly checks: CheckService;
  readonly runs: RunsService;
  readonly vault: Vault;
  readonly http: ConnectionHttp;
  /** Takes records of a connection in, the way a pulled page goes, and resolves them unless told otherwise. */
  see(
    connection: string,
    entity: Entity,
    records: readonly Seen[],
    options?: { resolve: boolean },
  ): Promise<void>;
  /** Records of a connection that are gone. */
  lose(connection: string, entity: Entity, ids: readonly string[]): Promise<void>;
  /** Resolves all that waits. */
  settle(): Promise<void>;
  /** Id of the golden record that a source record stands for. */
  goldenOf(connection: string, externalId: string): Promise<string>;
  /** Id of a source record. */
  recordOf(connection: string, externalId: string): Promise<string>;
}

/** @param change what the connectors of all connections do otherwise */
export async function createTestHub(
  names: readonly string[] = ['crm', 'mail'],
  change: Partial<Connector> = {},
): Promise<TestHub> {
  const test = await createTestDatabase();
  const { database } = test;
  const registry = await ConnectorRegistry.load({
    folder: '/nowhere',
    importPackage: (name) => Promise.resolve({ default: connectorOf(name, change) }),
  });
  await registry.usePackages(names);
  const vault = new Vault(keysFromText(Buffer.alloc(32, 7).toString('base64')));
  const http = connectionHttp(database);
  const connections = new ConnectionsService(database, registry, vault, http);
  const rules = new RulesService(database);
  const resolver = new ResolveService(database, connections);
  await ensureHubConnection(database);
  for (const [position, name] of names.entries()) {
    const policy = { direction: 'both', create: false, filter: [], onDelete: 'keep', unique: false };
    await execute(
      database.prisma,
      sql`insert into connection (id, name, connector, settings, sync, mapping, position, updated_at)
       values (gen_random_uuid(), ${name}, ${name}, '{}', ${json({ customer: policy, account: policy })}, '{}', ${position}, now())`,
    );
    for (const [entity, object] of Object.entries(OBJECTS)) {
      await execute(
        database.prisma,
        sql`insert into sync_cursor (connection_id, object, entity, mapping_hash, started_at, complete_at)
         select id, ${object}, ${entity}, '', now(), now() from connection where name = ${name}`,
      );
    }
  }
  let readAt = Date.now();

  const take = async (
    name: string,
    entity: Entity,
    batch: { records: readonly Seen[]; gone: readonly string[] },
  ): Promise<void> => {
    const connection = (await connections.directory()).named(name);
    const setup = connection?.objects.find((one) => one.entity === entity);
    if (connection === undefined || setup === undefined) throw new Error(`There is no ${entity} in ${name}.`);
    readAt = Math.max(readAt + 1, Date.now());
    const read = {
      records: batch.records.map(({ at, ...record }) => ({ ...record, modifiedAt: at })),
      tombstones: batch.gone.map((id) => ({ id })),
      readAt,
    };
    const options = { connection, setup, runId: null, counted: false, clockOffsetMs: 0 };
    await database.transaction((tx) => ingest(tx, read, options));
  };
  const settle = async (): Promise<void> => {
    while (await resolver.step());
  };
  const found = async (connection: string, externalId: string) =>
    database.prisma.$queryRaw<{ id: string; golden: string | null }[]>(
      sql`select s.id::text as id, s.golden_id::text as golden from source_record s join connection c on c.id = s.connection_id
        where c.name = ${connection} and s.external_id = ${externalId}`,
    );

  return {
    ...test,
    connections,
    registry,
    rules,
    vault,
    http,
    checks: new CheckService(database, connections),
    runs: new RunsService(database, connections, registry),
    see: async (connection, entity, records, options = { resolve: true }) => {
      await take(connection, entity, { records, gone: [] });
      if (options.resolve) await settle();
    },
    lose: async (connection, entity, ids) => {
      await take(connection, entity, { records: [], gone: ids });
      await settle();
    },
    settle,
    goldenOf: async (connection, externalId) => {
      const [row] = await found(connection, externalId);
      if (row?.golden == null) throw new Error(`${externalId} of ${connection} stands for nobody.`);
      return row.golden;
    },
    recordOf: async (connection, externalId) => {
      const [row] = await found(connection, externalId);
      if (row === undefined) throw new Error(`There is no ${externalId} in ${connection}.`);
      return row.id;
    },
  };
}
