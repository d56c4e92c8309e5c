/**
 * A hub as `rapport serve` runs it, between a Salesforce and a HubSpot: the real application on a database of its own,
 * the connectors' own sandboxes behind the vendors' own clients.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  createSandbox as createHubSpot,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_TOKEN,
  type Sandbox as HubSpot,
  type SandboxOptions as HubSpotOptions,
} from '../../../connectors/hubspot/sandbox/index.js';
import {
  createSandbox as createSalesforce,
  type Sandbox as Salesforce,
  type SandboxOptions as SalesforceOptions,
} from '../../../connectors/salesforce/sandbox/index.js';
import { ApplyService } from '../../../src/connections/apply/apply.service.js';
import { ConnectionHttp } from '../../../src/connections/connection-http.js';
import { ConnectionsService } from '../../../src/connections/connections.service.js';
import { execute, sql, type Database } from '../../../src/platform/database/index.js';
import type { CountReport, RunReport } from '../../../src/runs/run-report.js';
import { RunsService } from '../../../src/runs/runs.service.js';
import { openServer } from '../../../src/startup/application.js';
import { createTestDatabase, withPool, type TestDatabase } from '../../helpers/database.js';
import { configurationOf, type Setup } from './configuration.js';
import { Questions } from './questions.js';

export interface WorldOptions extends Setup {
  readonly org?: SalesforceOptions;
  readonly portal?: HubSpotOptions;
  /** One that is there already, with the key that its credentials are sealed with. */
  readonly database?: Omit<TestDatabase, 'database'>;
  readonly encryptionKey?: string;
  /** Also listens to systems that tell of changes by themselves, as `serve` does. */
  readonly listen?: boolean;
}

export interface SyncOptions {
  readonly only?: readonly string[];
  readonly full?: boolean;
  /** Yes beforehand to whatever it would stop to ask; so it is unless told. */
  readonly approve?: boolean;
}

export interface Synced {
  readonly report: RunReport;
  /** What became of one object's records. */
  count(connection: string, object: string): CountReport;
  /** Write calls that the sync made at either sandbox. */
  readonly writes: readonly string[];
}

const LOOK_MS = 20;
const PATIENCE_MS = 120_000;

export class World {
  private setup: Setup;

  private constructor(
    private readonly test: TestDatabase,
    private app: NestExpressApplication,
    private readonly environment: Readonly<Record<string, string>>,
    readonly salesforce: Salesforce,
    readonly hubspot: HubSpot,
    private readonly listens: boolean,
    setup: Setup,
  ) {
    this.setup = setup;
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const { org, portal, database, listen = false, ...rest } = options;
    const { encryptionKey = randomBytes(32).toString('base64'), ...setup } = rest;
    const test = database === undefined ? await createTestDatabase() : withPool(database);
    const salesforce = await createSalesforce(org);
    const hubspot = await createHubSpot({ limits: false, ...portal });
    const port = String(await freePort());
    const environment = {
      DATABASE_URL: test.url,
      RAPPORT_ENCRYPTION_KEY: encryptionKey,
      RAPPORT_LOG_LEVEL: 'silent',
      RAPPORT_WORKERS: '4',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    };
    const app = await start(environment, listen);
    const world = new World(test, app, environment, salesforce, hubspot, listen, setup);
    await world.apply(setup);
    return world;
  }

  get database(): Database {
    return this.test.database;
  }

  /** Where HubSpot's webhooks go. */
  get webhookUrl(): string {
    return `${this.environment['PUBLIC_URL'] ?? ''}/webhooks/hubspot`;
  }

  get<T>(service: Type<T>): T {
    return this.app.get(service, { strict: false });
  }

  /** What the hub knows. */
  get ask(): Questions {
    return new Questions((service) => this.get(service), this.database);
  }

  /** Puts another configuration in force; what is not said stays as it was. */
  async apply(change: Setup): Promise<void> {
    this.setup = { ...this.setup, ...change };
    const text = configurationOf(this.setup, {
      salesforce: this.salesforce,
      hubspot: { url: this.hubspot.url, token: SANDBOX_TOKEN, clientSecret: SANDBOX_CLIENT_SECRET },
    });
    const applied = await this.get(ApplyService).apply(text, {
      path: 'rapport.yaml',
      env: {},
      dryRun: false,
    });
    if (!applied.ok) throw new Error(JSON.stringify(applied.problems));
  }

  /** A sync of the connections named, or of all, and all it causes. */
  async sync(options: SyncOptions = {}): Promise<Synced> {
    const since = this.mark();
    const { runId } = await this.begin(options);
    await this.until('the sync has settled', async () => {
      const runs = this.get(RunsService);
      await runs.settle();
      const report = await runs.find(runId);
      return report !== null && report.state !== 'running' && (await this.isQuiet());
    });
    const report = await this.get(RunsService).find(runId);
    if (report === null) throw new Error('The run is gone.');
    return {
      report,
      count: (connection, object) => countOf(report, connection, object),
      writes: this.writesSince(since),
    };
  }

  /** A sync that nobody waits for. */
  async begin(options: SyncOptions = {}): Promise<{ runId: string }> {
    return this.get(RunsService).start({
      full: options.full ?? false,
      trigger: 'manual',
      ...(options.only && { connectionNames: options.only }),
      ...((options.approve ?? true) && { approvedBy: 'the test' }),
    });
  }

  /** All that was begun (an edit in the hub, a webhook, a new configuration) has come to its end. */
  async settled(): Promise<void> {
    await this.until('nothing is left to do', () => this.isQuiet());
  }

  /** Looks until it is so; fails when it takes too long. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`Waited in vain until ${what}: ${await this.whatIsLeft()}`);
      await pause(LOOK_MS);
    }
  }

  /** So much time goes by for all that is stored: what was waited for comes nearer, what was counted is longer ago. */
  async later(ms: number): Promise<void> {
    await this.get(ConnectionHttp).tellAll();
    const by = sql`make_interval(secs => ${ms / 1000}::float8)`;
    await this.database.transaction(async (tx) => {
      await execute(
        tx,
        sql`update call_quota set seen_at = seen_at - ${by}, exhausted_at = exhausted_at - ${by},
              waits = coalesce((select jsonb_object_agg(key, value::float8 - ${ms}::float8) from jsonb_each(waits)), '{}')`,
      );
      await execute(
        tx,
        sql`with gone as (delete from call_count returning *)
            insert into call_count select connection_id, slot - ${by}, urgent, backfill from gone order by slot`,
      );
      await execute(tx, sql`update push_intent set due_at = due_at - ${by}`);
      await execute(tx, sql`update graphile_worker._private_jobs set run_at = run_at - ${by}`);
    });
  }

  /** Everything the sandboxes were asked from here on is told by {@link writesSince}. */
  mark(): { readonly salesforce: number; readonly hubspot: number } {
    return {
      salesforce: this.salesforce.control.requests().length,
      hubspot: this.hubspot.control.calls().length,
    };
  }

  /** Calls that were to change something, by method and path. */
  writesSince(mark: { readonly salesforce: number; readonly hubspot: number }): readonly string[] {
    const salesforce = this.salesforce.control
      .requests()
      .slice(mark.salesforce)
      .filter(({ method, path }) => method !== 'GET' && /\/composite\/sobjects|\/jobs\/ingest/.test(path));
    const hubspot = this.hubspot.control
      .calls()
      .slice(mark.hubspot)
      .filter(({ method, path }) => method !== 'GET' && !/\/search$|\/batch\/read$|^\/oauth\//.test(path));
    return [...salesforce, ...hubspot].map(({ method, path }) => `${method} ${path}`);
  }

  /** The process ends, and another one goes on with the same database. */
  async restart(meanwhile: () => void = () => undefined): Promise<void> {
    await this.app.close();
    meanwhile();
    this.app = await start(this.environment, this.listens);
  }

  /** Another process beside this one, that works and listens too; its end is up to whoever asked for it. */
  async join(): Promise<NestExpressApplication> {
    return start({ ...this.environment, PORT: String(await freePort()) }, this.listens);
  }

  /** An admin backs the database up while no process runs. */
  async backUp(): Promise<void> {
    await this.app.close();
    await this.test.backUp();
    this.app = await start(this.environment, this.listens);
  }

  /** The machine is lost; another one starts with the backup. Whatever happens until then, the hub does not see. */
  async restore(meanwhile: () => void = () => undefined): Promise<void> {
    await this.app.close();
    await this.test.restore();
    meanwhile();
    this.app = await start(this.environment, this.listens);
  }

  async close(): Promise<void> {
    await this.app.close();
    await Promise.all([this.salesforce.close(), this.hubspot.close()]);
    await this.test.drop();
  }

  /** For whoever reads of a test that failed. */
  private async whatIsLeft(): Promise<string> {
    const { prisma } = this.database;
    const left = {
      parts: await prisma.runPart.findMany({ where: { state: { in: ['queued', 'pulling', 'failed'] } } }),
      tasks: await prisma.resolveTask.findMany({ take: 5 }),
      intents: await prisma.pushIntent.findMany({ take: 5 }),
      events: await prisma.inboxEvent.findMany({ where: { doneAt: null }, take: 5 }),
      jobs: await prisma.$queryRaw`select key, run_at, attempts, last_error from graphile_worker.jobs`,
    };
    return JSON.stringify(
      left,
      (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
      1,
    );
  }

  private async isQuiet(): Promise<boolean> {
    const { external } = await this.get(ConnectionsService).directory();
    return this.get(RunsService).isQuiet(external.map((connection) => connection.id));
  }
}

async function start(
  environment: Readonly<Record<string, string>>,
  listen: boolean,
): Promise<NestExpressApplication> {
  const app = await openServer({ environment, role: { work: true, schedule: listen } });
  await app.listen(Number(environment['PORT']), '127.0.0.1');
  return app;
}

/** Webhooks are signed over the public address, so it has to be known before the hub listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function countOf(report: RunReport, connection: string, object: string): CountReport {
  const found = report.counts.find((count) => count.connection === connection && count.object === object);
  if (found === undefined) throw new Error(`The run counted no ${object} of ${connection}.`);
  return found;
}

/** Worlds of one test each: all of them end with it. */
export function worlds(): { readonly open: (options?: WorldOptions) => Promise<World> } {
  const opened: World[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((world) => world.close()));
  });
  return {
    open: async (options) => {
      const world = await World.open(options);
      opened.push(world);
      return world;
    },
  };
}
