import { randomUUID } from 'node:crypto';
import type {
  Connector,
  ConnectorContext,
  CreateOperation,
  JsonValue,
  PropertyValues,
  PushOperation,
  PushOutcome,
} from '../index.js';
import { ConnectorError } from '../index.js';
import { createRealClock, createTestClock, createTestContext, type TestContext } from '../testing/index.js';
import type { Clock } from '../context.js';
import { Copy, type Memory } from './copy.js';
import type { Harness, Specimen, SystemRecord } from './harness.js';
import { listed, must, RuleBroken, shown } from './rule.js';

/** Reads of a system that shows a change later than the next one. */
const READS = 3;
/** Further attempts at what was put off. */
const ATTEMPTS = 6;
/** A system that asks to wait longer than this has not understood the question. */
const LONGEST_WAIT_MS = 25 * 3_600_000;

/** What a rule works with: an open system, and a hub's side of it. */
export class Bench {
  readonly object: string;
  readonly clock: Clock;
  private readonly contexts: TestContext<unknown, unknown>[] = [];
  private credentials: unknown;
  readonly settings: unknown;

  constructor(
    readonly connector: Connector,
    readonly specimen: Specimen,
    readonly system: Harness,
    /** Aborts when the rule is over. */
    readonly signal: AbortSignal,
  ) {
    this.object = specimen.object;
    this.clock = system.clock === 'real' ? createRealClock(signal) : createTestClock({ signal });
    this.settings = connector.settings.parse(system.settings);
    this.credentials = connector.credentials.parse(system.credentials);
  }

  /** Properties that the connector's own mapping reads or writes, and those added. */
  properties(added: readonly string[] = []): readonly string[] {
    const declared = this.connector.objects(this.settings).find(({ object }) => object === this.object);
    must(declared !== undefined, () => `\`objects(settings)\` declares no object "${this.object}"`);
    return [...new Set([...declared.mapping.map(({ property }) => property), ...added])].sort();
  }

  declaration(): ReturnType<Connector['objects']>[number] {
    const declared = this.connector.objects(this.settings).find(({ object }) => object === this.object);
    must(declared !== undefined, () => `\`objects(settings)\` declares no object "${this.object}"`);
    return declared;
  }

  /** As a process has it that has just started; credentials that were renewed are kept. */
  context(
    copy?: Copy,
    memory: Memory = new Map<string, unknown>(),
    signal: AbortSignal = this.signal,
  ): ConnectorContext {
    const versions = new Map([...(copy?.records ?? [])].map(([id, record]) => [id, record.version]));
    const context = createTestContext({
      settings: this.settings,
      credentials: this.credentials,
      clock: this.clock,
      known: { [this.object]: versions },
      signal,
    });
    this.contexts.push(context);
    return {
      ...context,
      cache: memory,
      known: liveKnown(copy, context.known),
      saveCredentials: async (renewed) => {
        this.credentials = this.connector.credentials.parse(renewed);
        await context.saveCredentials(renewed);
      },
    };
  }

  /** An empty hub for the object. */
  copy(added: readonly string[] = []): Copy {
    return new Copy({
      connector: this.connector,
      object: this.object,
      properties: this.properties(added),
      context: (copy, memory) => this.context(copy, memory),
    });
  }

  /** A user makes records number `from` to `from + count - 1`. */
  async seed(
    count: number,
    options: { readonly from?: number; readonly at?: string } = {},
  ): Promise<readonly string[]> {
    const records = Array.from({ length: count }, (_, index) =>
      this.specimen.values((options.from ?? 0) + index),
    );
    return this.system.create(this.object, records, options.at);
  }

  async edit(id: string, text: JsonValue): Promise<void> {
    await this.system.edit(this.object, id, { [this.specimen.text]: text });
  }

  /** More than two pages of records, and not a whole number of them. */
  get many(): number {
    return 2 * this.specimen.page + Math.ceil(this.specimen.page / 3);
  }

  /** Pulls until it is as it should be, three times at most: some systems show a change late. */
  async pullUntil(copy: Copy, isThere: () => boolean): Promise<void> {
    for (let read = 0; read < READS; read += 1) {
      await copy.pull();
      if (isThere()) return;
    }
  }

  async live(): Promise<ReadonlyMap<string, SystemRecord>> {
    return new Map((await this.system.records(this.object)).map((record) => [record.id, record]));
  }

  /** Every live record is in the copy, with its name and its text. */
  async expectAgreement(copy: Copy): Promise<void> {
    const live = await this.live();
    const missing = [...live.keys()].filter((id) => !copy.records.has(id));
    must(
      missing.length === 0,
      () => `${String(missing.length)} of ${String(live.size)} records never came: ${listed(missing)}`,
    );
    for (const [id, { values }] of live) {
      for (const property of [this.specimen.name, this.specimen.text]) {
        const [there, here] = [values[property], copy.value(id, property)];
        must(
          text(there) === text(here),
          () => `record ${id} has ${shown(there)} as ${property}, and what came is ${shown(here)}`,
        );
      }
    }
  }

  create(n: number, more: PropertyValues = {}): CreateOperation {
    const values = { ...this.specimen.values(n), ...more };
    return { kind: 'create', key: `create-${String(n)}`, hubId: randomUUID(), values };
  }

  update(id: string, values: PropertyValues, previous: PropertyValues): PushOperation {
    return { kind: 'update', key: `update-${id}`, id, hubId: randomUUID(), values, previous };
  }

  /** One outcome for each operation, by key. */
  async push(
    operations: readonly PushOperation[],
    added: readonly string[] = [],
    memory?: Memory,
  ): Promise<ReadonlyMap<string, PushOutcome>> {
    const request = { object: this.object, operations, properties: this.properties(added) };
    const outcomes = await this.connector.push?.(this.context(undefined, memory), request);
    if (outcomes === undefined) throw new RuleBroken('there is no `push`');
    const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
    const silent = operations.filter(({ key }) => !byKey.has(key)).map(({ key }) => key);
    must(
      silent.length === 0,
      () =>
        `${String(silent.length)} of ${String(operations.length)} operations have no outcome: ${listed(silent)}`,
    );
    must(
      outcomes.length === operations.length,
      () => `${String(outcomes.length)} outcomes for ${String(operations.length)} operations`,
    );
    return byKey;
  }

  /** As the hub does: what is put off is sent again when its time has come, and what is unknown is looked up. */
  async pushThrough(
    operations: readonly PushOperation[],
    memory?: Memory,
  ): Promise<ReadonlyMap<string, PushOutcome>> {
    const settled = new Map<string, PushOutcome>();
    let open = operations;
    for (let attempt = 0; attempt < ATTEMPTS && open.length > 0; attempt += 1) {
      const startedAt = new Date(this.clock.now()).toISOString();
      const outcomes = await this.attempt(open, memory);
      const again: PushOperation[] = [];
      for (const operation of open) {
        const outcome = outcomes.get(operation.key);
        if (outcome === undefined) again.push(operation);
        else if (outcome.status === 'retry') again.push(operation);
        else if (outcome.status === 'unknown') again.push(doubted(operation, startedAt));
        else if (outcome.status === 'gone' && isDoubted(operation)) again.push(assured(operation));
        else settled.set(operation.key, outcome);
      }
      open = again;
      await this.waitFor(latest([...outcomes.values()]));
    }
    must(
      open.length === 0,
      () => `${String(open.length)} operations were never done: ${listed(open.map(({ key }) => key))}`,
    );
    return settled;
  }

  /** A fault that nobody met shows nothing: some call must have failed or been refused. */
  expectStruck(): void {
    const met = this.contexts.some(({ calls }) =>
      calls.some(({ error, response }) => error !== undefined || (response?.status ?? 0) >= 400),
    );
    if (met) return;
    throw new RuleBroken(
      'no call met the fault',
      'Let the harness’s fault strike the next call, and make all calls by `ctx.http`.',
    );
  }

  /** Moves on to an instant that a system named (ms); a second when it named none. */
  async waitFor(until: number | undefined): Promise<void> {
    const ms = (until ?? 0) - this.clock.now();
    must(
      ms < LONGEST_WAIT_MS,
      () => `the system is said to ask for a wait of ${String(Math.round(ms / 60_000))} minutes`,
    );
    await this.clock.sleep(Math.max(ms, this.system.clock === 'real' ? 0 : 1_000));
  }

  private async attempt(
    operations: readonly PushOperation[],
    memory: Memory | undefined,
  ): Promise<ReadonlyMap<string, PushOutcome>> {
    try {
      return await this.push(operations, [], memory);
    } catch (error) {
      if (!(error instanceof ConnectorError) || (error.kind !== 'throttled' && error.kind !== 'transient'))
        throw error;
      await this.waitFor(error.retryAt);
      return new Map();
    }
  }
}

/** Looks at the copy at each call: pages are stored while a pull is under way. */
function liveKnown(copy: Copy | undefined, none: ConnectorContext['known']): ConnectorContext['known'] {
  if (copy === undefined) return none;
  return {
    versions: (_object, ids) => {
      const found = ids.flatMap((id): [string, string][] => {
        const version = copy.records.get(id)?.version ?? null;
        return version === null ? [] : [[id, version]];
      });
      return Promise.resolve(new Map(found));
    },
    ids: (_object, after, limit) => {
      const all = [...copy.records.keys()].sort((a, b) => (a < b ? -1 : 1));
      return Promise.resolve(all.filter((id) => after === null || id > after).slice(0, limit));
    },
  };
}

function text(value: unknown): string | null {
  return value === null || value === undefined || value === ''
    ? null
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}

function doubted(operation: PushOperation, since: string): PushOperation {
  if (operation.kind !== 'create') return operation;
  return { ...operation, uncertainSince: operation.uncertainSince ?? since };
}

function isDoubted(operation: PushOperation): boolean {
  return operation.kind === 'create' && operation.uncertainSince !== undefined;
}

function assured(operation: PushOperation): PushOperation {
  if (operation.kind !== 'create') return operation;
  const { uncertainSince: _since, ...fresh } = operation;
  return fresh;
}

function latest(outcomes: readonly PushOutcome[]): number | undefined {
  const times = outcomes.flatMap((outcome) => (outcome.status === 'retry' ? (outcome.retryAt ?? []) : []));
  return times.length === 0 ? undefined : Math.max(...times);
}
