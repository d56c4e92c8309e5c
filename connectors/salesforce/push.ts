/**
 * Writing by sObject Collections: 200 records a call, each with its own outcome. One bad record never stops the
 * others; an answer that got lost is looked into before anybody may send again. Thousands go as one bulk job.
 */
import type {
  ConnectorError,
  CreateOperation,
  JsonValue,
  PushOperation,
  PushOutcome,
  PushRequest,
  UpdateOperation,
} from '../../src/sdk/index.js';
import { ConnectorError as HubError } from '../../src/sdk/index.js';
import { BulkRefused, fitsTable } from './bulk/bulk-write.js';
import { bulkWriter } from './bulk/writers.js';
import { externalIdField } from './write/external-id.js';
import { archiveAll } from './write/archive.js';
import { openClient, type SalesforceClient } from './client.js';
import { createAll } from './write/create.js';
import { columnsFor, describe, isOwner, type Describe } from './records/describe.js';
import { encodeValues, type Encoding, type OwnerIds } from './records/encode.js';
import { CURRENCY, orgCurrency } from './records/currency.js';
import { sharedCurrency } from './records/codec.js';
import { CONTACT_ROLES, contactIds } from './records/roles.js';
import { STAGE, stagesOf } from './records/stages.js';
import { writeRoles, type RoleWish } from './write/role-writes.js';
import { toHubError } from './errors.js';
import { fullId } from './api/ids.js';
import { sobjectOf } from './objects.js';
import { ownerIds } from './records/owners.js';
import { inParallel } from './api/parallel.js';
import type { Context } from './session/session.js';
import { updateAll } from './write/update.js';
import { settleUncertain } from './write/uncertain.js';
import type { Archive, Create, Desk, Update } from './write/write.js';

export const COLLECTION = 200;
const PARALLEL = 5;

export async function push(ctx: Context, request: PushRequest): Promise<readonly PushOutcome[]> {
  try {
    const client = await openClient(ctx);
    const target = sobjectOf(request.object);
    const columns = await columnsFor(client, target.type, request.properties);
    const desk: Desk = { client, writer: client, target, columns };
    const { creates, updates, archives, outcomes, roles } = await prepare(desk, request);
    const uncertain = await settleUncertain(desk, creates);
    // What is not upserted by a key of its own could be made twice by a job whose end nobody saw.
    const keyed = uncertain.open.length > 0 && (await externalIdField(desk)) !== undefined;
    const jobs: readonly Job[] = [
      ...jobsFor(desk, updates, updateAll),
      ...(keyed ? jobsFor(desk, uncertain.open, createAll) : collections(desk, uncertain.open, createAll)),
      ...jobsFor(desk, archives, archiveAll),
    ];
    const done = [...outcomes, ...uncertain.outcomes, ...(await runAll(ctx, jobs))];
    const told = await withCurrency(desk, request, done);
    return roles.size === 0 ? told : await writeRoles(desk, roles, told);
  } catch (error) {
    throw toHubError(error, ctx.clock.now());
  }
}

type WriteAll<T> = (desk: Desk, items: readonly T[]) => Promise<readonly PushOutcome[]>;

function collections<T extends Item>(desk: Desk, items: readonly T[], writeAll: WriteAll<T>): readonly Job[] {
  return chunks(items).map((chunk) => ({ items: chunk, run: () => writeAll(desk, chunk) }));
}

/** Very many go as one bulk job, unless Salesforce will not have it. */
function jobsFor<T extends Item>(desk: Desk, items: readonly T[], writeAll: WriteAll<T>): readonly Job[] {
  const { ctx } = desk.client;
  const fit = items.filter(({ fields = {} }) => fitsTable(fields));
  if (fit.length <= ctx.settings.bulkWriteAbove) return collections(desk, items, writeAll);
  const rest = items.filter(({ fields = {} }) => !fitsTable(fields));
  const inBulk = async (): Promise<readonly PushOutcome[]> => {
    try {
      return await writeAll({ ...desk, writer: bulkWriter(desk.client) }, fit);
    } catch (error) {
      if (!(error instanceof BulkRefused)) throw error;
      ctx.log.warn('salesforce bulk job refused, writing by collections', { code: error.code });
      return runAll(ctx, collections(desk, fit, writeAll));
    }
  };
  return [{ items: fit, run: inBulk }, ...collections(desk, rest, writeAll)];
}

interface Item {
  readonly key: string;
  readonly fields?: Readonly<Record<string, JsonValue>>;
}

interface Job {
  readonly items: readonly { readonly key: string }[];
  run(): Promise<readonly PushOutcome[]>;
}

/** A job that failed as a whole has changed nothing: thrown when all did, else its records are to be retried. */
async function runAll(ctx: Context, jobs: readonly Job[]): Promise<readonly PushOutcome[]> {
  const results = await inParallel(PARALLEL, jobs, async (job) => {
    try {
      return { outcomes: await job.run() };
    } catch (error) {
      const failure = toHubError(error, ctx.clock.now());
      if (!(failure instanceof HubError)) throw failure;
      return { failure, items: job.items };
    }
  });
  const failures = results.flatMap((one) => one.failure ?? []);
  const [first] = failures;
  if (first !== undefined && failures.length === results.length) throw first;
  return results.flatMap((one) => one.outcomes ?? one.items.map((item) => later(item.key, one.failure)));
}

function later(key: string, failure: ConnectorError): PushOutcome {
  const { code, message, retryAt } = failure;
  return { key, status: 'retry', code, message, ...(retryAt === undefined ? {} : { retryAt }) };
}

interface Prepared {
  readonly creates: Create[];
  readonly updates: Update[];
  readonly archives: Archive[];
  /** Those that can't be sent, and those of which only contact roles are written. */
  readonly outcomes: PushOutcome[];
  /** Contact roles to be written with opportunities, by the operation's key. */
  readonly roles: Map<string, RoleWish>;
}

async function prepare(desk: Desk, request: PushRequest): Promise<Prepared> {
  const { client, target } = desk;
  const shape = await currentShape(client, target.type, request.operations);
  const owners = await ownersFor(client, shape, request.operations);
  const prepared: Prepared = { creates: [], updates: [], archives: [], outcomes: [], roles: new Map() };
  const staged = target.money && shape.fields.has(STAGE.toLowerCase());
  const by = {
    shape,
    owners,
    stages: staged ? await stagesOf(client) : [],
    currency: target.money ? await orgCurrencyOf(client, shape) : undefined,
  };
  const seen = new Set<string>();
  for (const operation of request.operations) {
    const identity = operation.kind === 'create' ? `hub ${operation.hubId}` : operation.id;
    // Salesforce refuses a record that stands twice in one call, and would make it twice in two.
    if (seen.has(identity)) prepared.outcomes.push(twice(operation.key));
    else sort(prepared, operation, by);
    seen.add(identity);
  }
  return prepared;
}

function sort(prepared: Prepared, operation: PushOperation, by: Encoding): void {
  const { key } = operation;
  if (operation.kind !== 'create' && fullId(operation.id) === undefined) {
    prepared.outcomes.push({ key, status: 'gone' });
  } else if (operation.kind === 'archive') {
    prepared.archives.push({ key, id: operation.id });
  } else {
    const { [CONTACT_ROLES]: contacts, ...values } = operation.values;
    const { fields, columns, rejections } = encodeValues(values, { ...by, kind: operation.kind });
    if (rejections.length === 0 && contacts !== undefined)
      prepared.roles.set(key, roleWish(operation, contacts));
    if (rejections.length > 0) prepared.outcomes.push({ key, status: 'rejected', rejections });
    else if (operation.kind === 'update' && columns.length === 0)
      prepared.outcomes.push({ key, status: 'stored', id: operation.id, values: {} });
    else if (operation.kind === 'update') prepared.updates.push({ key, id: operation.id, fields, columns });
    else prepared.creates.push({ key, hubId: operation.hubId, fields, columns, ...uncertainty(operation) });
  }
}

function roleWish(operation: CreateOperation | UpdateOperation, contacts: JsonValue): RoleWish {
  const isNew = operation.kind === 'create';
  const before = isNew ? [] : (contactIds(operation.previous[CONTACT_ROLES] ?? null) ?? []);
  return { wanted: contactIds(contacts) ?? before, before, isNew };
}

/** Asked only of an org that has no field for it. */
async function orgCurrencyOf(client: SalesforceClient, shape: Describe): Promise<string | undefined> {
  return shape.fields.has(CURRENCY.toLowerCase()) ? undefined : orgCurrency(client);
}

/** What is not written, and yet known of every record, is told with what is stored. */
async function withCurrency(
  { client, target, columns }: Desk,
  { properties }: PushRequest,
  outcomes: readonly PushOutcome[],
): Promise<readonly PushOutcome[]> {
  const currency = await sharedCurrency(client, target, { properties, columns });
  return outcomes.map((outcome) =>
    outcome.status === 'stored' ? { ...outcome, values: { ...outcome.values, ...currency } } : outcome,
  );
}

function uncertainty({ uncertainSince }: CreateOperation): { readonly uncertainSince?: string } {
  return uncertainSince === undefined ? {} : { uncertainSince };
}

function twice(key: string): PushOutcome {
  const message = 'The same record stands twice in one batch.';
  return { key, status: 'retry', code: 'TWICE_IN_BATCH', message };
}

const DOUBTED_AFTER_MS = 60_000;

/** A field that seems unwritable may have become so: the org is asked again before anything is refused for it. */
async function currentShape(
  client: SalesforceClient,
  type: string,
  operations: readonly PushOperation[],
): Promise<Describe> {
  const shape = await describe(client, type);
  const doubtful = operations.some((operation) => {
    if (operation.kind === 'archive') return false;
    return Object.keys(operation.values).some((property) => {
      const field = shape.fields.get(property.toLowerCase());
      return !(operation.kind === 'create' ? field?.createable : field?.updateable);
    });
  });
  return doubtful ? describe(client, type, DOUBTED_AFTER_MS) : shape;
}

async function ownersFor(
  client: SalesforceClient,
  shape: Describe,
  operations: readonly PushOperation[],
): Promise<OwnerIds> {
  const emails = operations.flatMap((operation) => {
    if (operation.kind === 'archive') return [];
    return Object.entries(operation.values).flatMap(([property, value]) => {
      const field = shape.fields.get(property.toLowerCase());
      return field !== undefined && isOwner(field) && typeof value === 'string' && value !== ''
        ? [value.trim()]
        : [];
    });
  });
  return emails.length === 0 ? new Map<string, string>() : ownerIds(client, emails);
}

function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / COLLECTION) }, (_, index) =>
    items.slice(index * COLLECTION, (index + 1) * COLLECTION),
  );
}

/** A write and the read that shows what was stored, 200 records each; archives need no reading. */
export function pushCost(
  _object: string,
  operations: { readonly create: number; readonly update: number; readonly archive: number },
): number {
  const calls = (count: number): number => Math.ceil(count / COLLECTION);
  return 2 * calls(operations.create) + 2 * calls(operations.update) + calls(operations.archive);
}
