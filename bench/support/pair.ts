/** Two CRMs and a hub between them: HubSpot with people, Salesforce empty. */
import { Hub } from './hub.js';
import type { BenchDatabase, Postgres } from './postgres.js';
import { Sandbox } from './sandbox.js';
import { settled } from './settled.js';

export interface PairOptions {
  /** Of the database. */
  readonly name: string;
  readonly records: number;
  readonly delayMs?: number;
  readonly workers?: number;
  /** Whether Salesforce tells of changes by itself; it does unless told. */
  readonly changeEvents?: boolean;
  /** Folder for CPU profiles of the hub. */
  readonly profileTo?: string | undefined;
}

/** Processor time, ms. */
export interface ProcessorTime {
  readonly hub: number;
  readonly postgres: number;
  readonly hubspot: number;
  readonly salesforce: number;
}

export interface Synced {
  readonly seconds: number;
  /** API calls of each system. */
  readonly calls: Readonly<
    Record<'hubspot' | 'salesforce', { readonly all: number; readonly writes: number }>
  >;
  readonly cpu: ProcessorTime;
}

/** Everybody is edited within minutes, which the breaker would rightly stop. */
const POLICY = { direction: 'both', create: true, breaker: false };

export class Pair {
  private constructor(
    private readonly postgres: Postgres,
    readonly database: BenchDatabase,
    readonly hubspot: Sandbox,
    readonly salesforce: Sandbox,
    readonly hub: Hub,
  ) {}

  static async start(postgres: Postgres, options: PairOptions): Promise<Pair> {
    const hubspot = await Sandbox.start('hubspot', options.records);
    const salesforce = await Sandbox.start('salesforce', 0);
    for (const sandbox of [hubspot, salesforce]) await sandbox.delay(options.delayMs ?? 0);
    const database = await (await postgres.createDatabase(options.name)).open();
    const settings = { changeEvents: options.changeEvents ?? true };
    const hub = await Hub.start({
      databaseUrl: database.url,
      configuration: {
        connections: [
          hubspot.connection({ policy: POLICY }),
          salesforce.connection({ policy: POLICY, settings }),
        ],
      },
      workers: options.workers,
      profileTo: options.profileTo,
    });
    return new Pair(postgres, database, hubspot, salesforce, hub);
  }

  /** A sync to its very end: read, resolved, and written. */
  async sync(): Promise<Synced> {
    const before = await this.spent();
    const started = performance.now();
    await settled(this.database, await this.hub.sync());
    const seconds = (performance.now() - started) / 1000;
    const after = await this.spent();
    const calls = (of: 'hubspot' | 'salesforce'): { all: number; writes: number } => ({
      all: after.calls[of].all - before.calls[of].all,
      writes: after.calls[of].writes - before.calls[of].writes,
    });
    return {
      seconds,
      calls: { hubspot: calls('hubspot'), salesforce: calls('salesforce') },
      cpu: {
        hub: after.cpu.hub - before.cpu.hub,
        postgres: after.cpu.postgres - before.cpu.postgres,
        hubspot: after.cpu.hubspot - before.cpu.hubspot,
        salesforce: after.cpu.salesforce - before.cpu.salesforce,
      },
    };
  }

  /** Ids of those that are linked, HubSpot's and Salesforce's; fails when they are not so many. */
  async links(
    expected: number,
  ): Promise<readonly { readonly hubspot: string; readonly salesforce: string }[]> {
    const { rows } = await this.database.client.query<{ hubspot: string; salesforce: string }>(
      `/* bench: */ select h.external_id as hubspot, s.external_id as salesforce
         from source_record h join connection hc on hc.id = h.connection_id and hc.name = 'hubspot'
         join source_record s on s.golden_id = h.golden_id
         join connection sc on sc.id = s.connection_id and sc.name = 'salesforce' order by h.external_id`,
    );
    if (rows.length !== expected)
      throw new Error(`Of ${String(expected)} people ${String(rows.length)} are in both systems.`);
    return rows;
  }

  async stop(): Promise<void> {
    await this.hub.stop();
    await this.database.close();
    await this.hubspot.stop();
    await this.salesforce.stop();
  }

  private async spent(): Promise<Omit<Synced, 'seconds'>> {
    return {
      calls: { hubspot: await this.hubspot.calls(), salesforce: await this.salesforce.calls() },
      cpu: {
        hub: this.hub.cpuMs(),
        postgres: this.postgres.cpuMs(),
        hubspot: this.hubspot.cpuMs(),
        salesforce: this.salesforce.cpuMs(),
      },
    };
  }
}
