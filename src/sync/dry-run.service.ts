import { Injectable } from '@nestjs/common';
import { loadBudget } from '../connections/call-view.js';
import { endOf } from '../core/quota/estimate.js';
import { objectOf, type ActiveConnection, type ObjectSetup } from '../connections/active-connection.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { DEFAULT_LIMITS } from '../core/breaker/index.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { ConnectorError } from '../sdk/index.js';
import * as cursors from './cursor.repository.js';
import { ingest } from './ingest.js';
import * as outbox from './outbox.repository.js';
import { loadPushFacts } from './push-facts.js';
import { planPush, type PlannedPush } from './push-plan.js';
import { countLive } from './gate.repository.js';
import { believable } from './reading-guard.js';
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
  /** API calls that reading takes, and those the writes would take, without retries. */
  readonly readCalls: number;
  readonly writeCalls: number;
  readonly samples: readonly SampleWrite[];
}

/** What a sync would take of one connection's API calls, and when it would be done there. */
export interface DryRunCalls {
  readonly connection: string;
  readonly read: number;
  readonly write: number;
  /** What is left of the hub's share today for work as large as this; null without end. */
  readonly left: number | null;
  /** ISO 8601; later than today where the calls of today are not enough. */
  readonly endsAt: string;
}

export interface DryRun {
  readonly parts: readonly DryRunPart[];
  readonly calls: readonly DryRunCalls[];
  /** Connections that could not be read: what they would change is not in here. */
  readonly problems: readonly {
    readonly connection: string;
    readonly message: string;
    readonly remedy: string;
  }[];
}

const BATCH = 2_000;

class RolledBack extends Error {
  constructor(readonly result: readonly Rehearsed[]) {
    super('A dry run leaves nothing behind.');
  }
}

type Tally = Omit<DryRunPart, 'readCalls' | 'writeCalls' | 'samples'> & { samples: SampleWrite[] };
type Rehearsed = Omit<DryRunPart, 'readCalls'>;

/** What one object's reading took. */
interface Spent {
  readonly calls: number;
  readonly ms: number;
}

interface Reading {
  readonly connection: ActiveConnection;
  readonly setup: ObjectSetup;
  readonly spool: PageSpool;
  spent: Spent;
}

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
    const spools: Reading[] = [];
    try {
      for (const connection of options.connections) {
        for (const setup of connection.objects) {
          const spool = await PageSpool.create();
          const reading: Reading = { connection, setup, spool, spent: { calls: 0, ms: 0 } };
          spools.push(reading);
          try {
            reading.spent = await this.read(reading, options);
          } catch (error) {
            if (!(error instanceof ConnectorError)) throw error;
            problems.push({ connection: connection.name, message: error.message, remedy: error.remedy });
            break;
          }
        }
      }
      const parts = (await this.rehearse(spools)).map((part) => ({
        ...part,
        readCalls: readCallsOf(spools, part),
      }));
      return { parts, calls: await this.calls(spools, parts), problems };
    } finally {
      for (const { spool } of spools) await spool.close();
    }
  }

  /** Reads to a file, so that no transaction is open while a system answers. */
  private async read(
    { connection, setup, spool }: Reading,
    { full, signal }: { readonly full: boolean; readonly signal: AbortSignal },
  ): Promise<Spent> {
    const began = Date.now();
    const session = await this.connections.open(connection, signal, { urgency: 'backfill' });
    const stored = full ? null : await cursors.peek(this.database, connection.id, setup);
    const parsed = connection.connector.cursor.safeParse(stored);
    const { object, properties } = setup;
    const cursor = stored !== null && parsed.success ? parsed.data : null;
    const pages = believable(connection.connector.pull(session.context, { object, properties, cursor }), {
      connection: connection.name,
      object,
      full: cursor === null,
      limits: setup.policy.breaker ?? DEFAULT_LIMITS,
      known: () => countLive(this.database.prisma, connection.id, object),
    });
    for await (const page of pages) await spool.add({ ...page, clockOffsetMs: session.clockOffsetMs() });
    await session.flushCounts(setup.object, null);
    return { calls: session.calls(), ms: Date.now() - began };
  }

  /** Connections are called side by side: each has an end of its own. */
  private async calls(
    readings: readonly Reading[],
    parts: readonly DryRunPart[],
  ): Promise<readonly DryRunCalls[]> {
    const now = Date.now();
    const { external } = await this.connections.directory();
    const called = external.filter(({ name }) => parts.some((part) => part.connection === name));
    return Promise.all(
      called.map(async (connection) => {
        const own = parts.filter((part) => part.connection === connection.name);
        const read = own.reduce((sum, part) => sum + part.readCalls, 0);
        const write = own.reduce((sum, part) => sum + part.writeCalls, 0);
        const budget = await loadBudget(this.database, connection, now);
        const left = budget.left('backfill');
        const msPerCall = Math.max(spacing(connection), pace(readings, connection));
        return {
          connection: connection.name,
          read,
          write,
          left: left === Infinity ? null : left,
          endsAt: new Date(endOf(read + write, { budget, now, msPerCall })).toISOString(),
        };
      }),
    );
  }

  private async rehearse(spools: readonly Reading[]): Promise<readonly Rehearsed[]> {
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
        const parts: Rehearsed[] = [];
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
): Promise<Rehearsed[]> {
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
    writeCalls: writeCallsOf(connection, entry),
  }));
}

/** What is overwritten is read again before. */
function writeCallsOf(connection: ActiveConnection, { object, creates, updates, archives }: Tally): number {
  const operations = { create: creates, update: updates, archive: archives };
  const batch = objectOf(connection, object)?.declaration.batch.push ?? 1;
  return (connection.connector.pushCost?.(object, operations) ?? 0) + Math.ceil((updates + archives) / batch);
}

function readCallsOf(readings: readonly Reading[], part: Rehearsed): number {
  return readings
    .filter(({ connection, setup }) => connection.name === part.connection && setup.object === part.object)
    .reduce((sum, { spent }) => sum + spent.calls, 0);
}

/** ms between two calls that the vendor's limits leave. */
function spacing({ connector }: ActiveConnection): number {
  return Math.max(
    0,
    ...(connector.limits ?? [])
      .filter(({ bucket }) => bucket === 'default')
      .map(({ calls, perMs }) => perMs / calls),
  );
}

/** ms that a call of the reading just made took, with all that belongs to it. */
function pace(readings: readonly Reading[], connection: ActiveConnection): number {
  const own = readings.filter((reading) => reading.connection.id === connection.id);
  const calls = own.reduce((sum, { spent }) => sum + spent.calls, 0);
  return calls === 0 ? 0 : own.reduce((sum, { spent }) => sum + spent.ms, 0) / calls;
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
