import { Injectable } from '@nestjs/common';
import { objectOf, type ActiveConnection, type ObjectSetup } from '../connections/active-connection.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { ConnectorError } from '../sdk/index.js';
import * as cursors from './cursor.repository.js';
import { ingest } from './ingest.js';
import * as outbox from './outbox.repository.js';
import { loadPushFacts } from './push-facts.js';
import { planPush, type PlannedPush } from './push-plan.js';
import { ResolveService } from './resolve.service.js';
import { sampleOf, SAMPLES, type SampleWrite } from './sample-write.js';
import { PageSpool } from './page-spool.js';

/** What a sync would do to one object of one connection. */
export interface DryRunPart {
  readonly connection: string;
  readonly object: string;
  /** Records read just now. */
  readonly read: number;
  readonly creates: number;
  readonly updates: number;
  readonly archives: number;
  /** API calls the writes would take, without retries. */
  readonly calls: number;
  readonly samples: readonly SampleWrite[];
}

export interface DryRun {
  readonly parts: readonly DryRunPart[];
  /** Connections that could not be read: what they would change is not in here. */
  readonly problems: readonly {
    readonly connection: string;
    readonly message: string;
    readonly remedy: string;
  }[];
}

const BATCH = 2_000;

class RolledBack extends Error {
  constructor(readonly result: readonly DryRunPart[]) {
    super('A dry run leaves nothing behind.');
  }
}

type Tally = Omit<DryRunPart, 'calls' | 'samples'> & { samples: SampleWrite[] };

/**
 * What a sync would do, found by doing it: the same reading, ingesting, resolving and planning in one transaction
 * that is rolled back. Systems are only read; cursors stay where they are.
 */
@Injectable()
export class DryRunService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly resolver: ResolveService,
  ) {}

  async run(options: {
    readonly connections: readonly ActiveConnection[];
    readonly full: boolean;
    readonly signal: AbortSignal;
  }): Promise<DryRun> {
    const problems: DryRun['problems'][number][] = [];
    const spools: { connection: ActiveConnection; setup: ObjectSetup; spool: PageSpool }[] = [];
    try {
      for (const connection of options.connections) {
        for (const setup of connection.objects) {
          const spool = await PageSpool.create();
          spools.push({ connection, setup, spool });
          try {
            await this.read(connection, setup, spool, options);
          } catch (error) {
            if (!(error instanceof ConnectorError)) throw error;
            problems.push({ connection: connection.name, message: error.message, remedy: error.remedy });
            break;
          }
        }
      }
      return { parts: await this.rehearse(spools), problems };
    } finally {
      for (const { spool } of spools) await spool.remove();
    }
  }

  /** Reads to a file, so that no transaction is open while a system answers. */
  private async read(
    connection: ActiveConnection,
    setup: ObjectSetup,
    spool: PageSpool,
    { full, signal }: { readonly full: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const session = await this.connections.open(connection, signal);
    const stored = full ? null : await cursors.peek(this.database.prisma, connection.id, setup);
    const parsed = connection.connector.cursor.safeParse(stored);
    const pages = connection.connector.pull(session.context, {
      object: setup.object,
      properties: setup.properties,
      cursor: stored !== null && parsed.success ? parsed.data : null,
    });
    for await (const page of pages) await spool.add({ ...page, clockOffsetMs: session.clockOffsetMs() });
  }

  private async rehearse(
    spools: readonly { connection: ActiveConnection; setup: ObjectSetup; spool: PageSpool }[],
  ): Promise<readonly DryRunPart[]> {
    try {
      return await this.database.transaction(async (tx) => {
        const read = new Map<string, number>();
        for (const { connection, setup, spool } of spools) {
          for await (const page of spool.pages()) {
            const { clockOffsetMs } = page;
            const ingested = await ingest(tx, page, {
              connection,
              setup,
              runId: null,
              counted: false,
              clockOffsetMs,
            });
            const key = `${connection.id}|${setup.object}`;
            read.set(key, (read.get(key) ?? 0) + ingested.read);
          }
        }
        while (await this.resolver.resolve(tx));
        const directory = await this.connections.directory(tx);
        const parts: DryRunPart[] = [];
        for (const connection of directory.external) parts.push(...(await tally(tx, connection, read)));
        throw new RolledBack(parts);
      });
    } catch (error) {
      if (error instanceof RolledBack) return error.result;
      throw error;
    }
  }
}

/** What stands in the outbox of a connection, come to operations. */
async function tally(
  tx: Transaction,
  connection: ActiveConnection,
  read: ReadonlyMap<string, number>,
): Promise<DryRunPart[]> {
  const tallies = new Map<string, Tally>();
  for (const setup of connection.objects) {
    const { object } = setup;
    const count = read.get(`${connection.id}|${object}`) ?? 0;
    tallies.set(object, {
      connection: connection.name,
      object,
      read: count,
      creates: 0,
      updates: 0,
      archives: 0,
      samples: [],
    });
  }
  for (let after = '0'; ;) {
    const intents = await outbox.allIntents(tx, connection.id, { after, limit: BATCH });
    const last = intents.at(-1);
    if (last === undefined) break;
    after = last.id;
    const facts = await loadPushFacts(tx, connection, intents);
    for (const intent of intents) {
      const setup = objectOf(connection, intent.object);
      const entry = tallies.get(intent.object);
      const push = setup && planPush(intent, connection, setup, facts);
      if (push !== undefined && entry !== undefined) tallies.set(intent.object, counted(entry, push));
    }
  }
  return [...tallies.values()].map((entry) => ({
    ...entry,
    calls:
      connection.connector.pushCost?.(entry.object, {
        create: entry.creates,
        update: entry.updates,
        archive: entry.archives,
      }) ?? 0,
  }));
}

function counted(entry: Tally, push: PlannedPush): Tally {
  const { kind } = push.operation;
  const ofKind = entry.samples.filter((sample) => sample.operation === kind).length;
  return {
    ...entry,
    creates: entry.creates + Number(kind === 'create'),
    updates: entry.updates + Number(kind === 'update'),
    archives: entry.archives + Number(kind === 'archive'),
    samples: ofKind < SAMPLES ? [...entry.samples, sampleOf(push)] : entry.samples,
  };
}
