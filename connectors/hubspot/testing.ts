/** For the tests of this connector: a sandbox with a context that talks to it, and pulls run to their end. */
import type { Clock, PushOperation, PushOutcome, SourceRecord, Tombstone } from '../../src/sdk/index.js';
import { createTestContext, type TestContext } from '../../src/sdk/testing/index.js';
import { settingsSchema, type Credentials, type Settings } from './config.js';
import { cursorSchema, type Cursor } from './cursor.js';
import hubspot from './index.js';
import { objectDeclarations } from './objects.js';
import { createSandbox, SANDBOX_TOKEN, type Sandbox, type SandboxOptions } from './sandbox/index.js';

export interface Bench {
  readonly sandbox: Sandbox;
  readonly ctx: TestContext<Settings, Credentials>;
  /** Versions the hub holds, by object and id; pulls fill it in. */
  readonly known: {
    readonly contact: Map<string, string | null>;
    readonly company: Map<string, string | null>;
    readonly deal: Map<string, string | null>;
  };
}

export interface BenchOptions {
  readonly sandbox?: SandboxOptions;
  readonly settings?: Partial<Settings>;
  readonly credentials?: Credentials;
  readonly clock?: Clock | 'real';
  readonly limited?: boolean;
}

/** Sleeping is instant unless a clock is given, so limits of the sandbox are off unless asked for. */
export async function createBench(options: BenchOptions = {}): Promise<Bench> {
  const sandbox = await createSandbox({ limits: false, ...options.sandbox });
  return { sandbox, ...connect(sandbox, options) };
}

/** Another context for the same sandbox: a process that remembers nothing. */
export function connect(sandbox: Sandbox, options: BenchOptions = {}): Omit<Bench, 'sandbox'> {
  const known = {
    contact: new Map<string, string | null>(),
    company: new Map<string, string | null>(),
    deal: new Map<string, string | null>(),
  };
  const ctx = createTestContext<Settings, Credentials>({
    settings: settingsSchema.parse({ baseUrl: sandbox.url, ...options.settings }),
    credentials: options.credentials ?? { accessToken: SANDBOX_TOKEN },
    known,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.limited === true ? { limits: hubspot.limits ?? [] } : {}),
  });
  return { ctx, known };
}

export function mappedProperties(object: string): readonly string[] {
  const declared = objectDeclarations().find((declaration) => declaration.object === object);
  return declared?.mapping.map((line) => line.property) ?? [];
}

interface Pulled {
  /** The last of each id; some come with a part of their values only. */
  readonly records: ReadonlyMap<string, SourceRecord>;
  readonly tombstones: readonly Tombstone[];
  readonly cursor: Cursor;
  readonly pages: number;
}

/** Pulls to the end; what comes is known from then on. The cursor goes through JSON as it does in the hub. */
export async function pullAll(
  bench: Omit<Bench, 'sandbox'>,
  object: 'contact' | 'company' | 'deal',
  cursor: Cursor | null = null,
  properties: readonly string[] = mappedProperties(object),
): Promise<Pulled> {
  const records = new Map<string, SourceRecord>();
  const tombstones: Tombstone[] = [];
  let last = cursor;
  let pages = 0;
  for await (const page of hubspot.pull(bench.ctx, { object, properties, cursor })) {
    pages += 1;
    for (const record of page.records) {
      const before = records.get(record.id);
      records.set(record.id, { ...record, values: { ...before?.values, ...record.values } });
      if (record.version !== undefined) bench.known[object].set(record.id, record.version);
    }
    for (const { id } of page.tombstones) bench.known[object].delete(id);
    tombstones.push(...page.tombstones);
    last = cursorSchema.parse(JSON.parse(JSON.stringify(page.cursor)));
  }
  if (last === null) throw new Error('a pull ended without a cursor');
  return { records, tombstones, cursor: last, pages };
}

/** Outcomes by key. */
export async function pushAll(
  bench: Omit<Bench, 'sandbox'>,
  object: 'contact' | 'company' | 'deal',
  operations: readonly PushOperation[],
): Promise<ReadonlyMap<string, PushOutcome>> {
  if (hubspot.push === undefined) throw new Error('no push');
  const outcomes = await hubspot.push(bench.ctx, {
    object,
    operations,
    properties: mappedProperties(object),
  });
  const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  if (byKey.size !== operations.length || outcomes.length !== operations.length)
    throw new Error(`${String(outcomes.length)} outcomes for ${String(operations.length)} operations`);
  return byKey;
}
