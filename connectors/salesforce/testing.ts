/** For the connector's tests: an org in the process and a hub's context connected to it. */
import type { z } from 'zod';
import type {
  PropertyValues,
  PullPage,
  PushOperation,
  PushOutcome,
  SourceRecord,
  Tombstone,
} from '../../src/sdk/index.js';
import { createTestContext, type TestContext } from '../../src/sdk/testing/index.js';
import {
  credentialsSchema,
  cursorSchema,
  settingsSchema,
  type Cursor,
  type Credentials,
  type Settings,
} from './config.js';
import connector from './index.js';
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox/index.js';

export type OrgContext = TestContext<Settings, Credentials>;

/** A context that signs in by client credentials, unless told otherwise. */
export function connect(
  sandbox: Sandbox,
  options: {
    readonly settings?: Partial<z.input<typeof settingsSchema>>;
    readonly credentials?: unknown;
    /** Versions of the records that the hub holds, by object and id. */
    readonly known?: Readonly<Record<string, ReadonlyMap<string, string | null>>>;
  } = {},
): OrgContext {
  const { clientId, clientSecret } = sandbox.account;
  return createTestContext({
    settings: settingsSchema.parse({ loginUrl: sandbox.url, ...options.settings }),
    credentials: credentialsSchema.parse(
      options.credentials ?? { grantType: 'client_credentials', clientId, clientSecret },
    ),
    ...(options.known && { known: options.known }),
  });
}

/** Opens orgs and closes them all at the end of a test file. */
export function orgs(): {
  readonly open: (options?: SandboxOptions) => Promise<Sandbox>;
  readonly closeAll: () => Promise<void>;
} {
  const opened: Sandbox[] = [];
  return {
    open: async (options) => {
      const sandbox = await createSandbox(options);
      opened.push(sandbox);
      return sandbox;
    },
    closeAll: async () => {
      await Promise.all(opened.map((one) => one.close()));
    },
  };
}

export interface Pulled {
  /** As they stand after the last page. */
  readonly records: ReadonlyMap<string, SourceRecord>;
  readonly tombstones: ReadonlyMap<string, Tombstone>;
  readonly pages: number;
  /** Rows of all pages, repeated ones too. */
  readonly rows: number;
  readonly cursor: Cursor;
}

/** Reads to the end, each cursor through JSON as the hub stores it. */
export async function pullAll(
  ctx: OrgContext,
  object: string,
  options: {
    readonly cursor?: Cursor | null;
    readonly properties?: readonly string[];
    readonly onPage?: (page: PullPage<Cursor>, number: number) => void;
    readonly pages?: number;
  } = {},
): Promise<Pulled> {
  const records = new Map<string, SourceRecord>();
  const tombstones = new Map<string, Tombstone>();
  let cursor = options.cursor ?? null;
  let [pages, rows] = [0, 0];
  const properties = options.properties ?? ['LastName', 'Title'];
  for await (const page of connector.pull(ctx, { object, properties, cursor })) {
    pages += 1;
    rows += page.records.length + page.tombstones.length;
    for (const record of page.records) records.set(record.id, record);
    for (const tombstone of page.tombstones) tombstones.set(tombstone.id, tombstone);
    cursor = cursorSchema.parse(JSON.parse(JSON.stringify(page.cursor)));
    options.onPage?.(page, pages);
    if (pages === options.pages) break;
  }
  if (cursor === null) throw new Error('a pull without a page');
  return { records, tombstones, pages, rows, cursor };
}

/** Outcomes by the operation's key. */
export async function pushAll(
  ctx: OrgContext,
  operations: readonly PushOperation[],
  options: { readonly object?: string; readonly properties?: readonly string[] } = {},
): Promise<Readonly<Record<string, PushOutcome>>> {
  const outcomes = await push(ctx, operations, options);
  return Object.fromEntries(outcomes.map((outcome) => [outcome.key, outcome]));
}

async function push(
  ctx: OrgContext,
  operations: readonly PushOperation[],
  options: { readonly object?: string; readonly properties?: readonly string[] },
): Promise<readonly PushOutcome[]> {
  const { object = 'contact', properties = ['FirstName', 'LastName', 'Email', 'OwnerId'] } = options;
  if (connector.push === undefined) throw new Error('the connector does not push');
  return connector.push(ctx, { object, operations, properties });
}

export function create(key: string, values: PropertyValues, uncertainSince?: string): PushOperation {
  return {
    kind: 'create',
    key,
    hubId: `hub-${key}`,
    values,
    ...(uncertainSince === undefined ? {} : { uncertainSince }),
  };
}

export function update(key: string, id: string, values: PropertyValues): PushOperation {
  return { kind: 'update', key, id, hubId: `hub-${key}`, values, previous: {} };
}
