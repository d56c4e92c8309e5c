/** Whether the connection can do its work: each line says what is wrong and what to do about it. */
import { ConnectorError, type CheckItem } from '../../src/sdk/index.js';
import { openClient, type SalesforceClient } from './client.js';
import { describe, isShownApart, resolveColumns, type Describe } from './records/describe.js';
import { toHubError } from './errors.js';
import { objectsOf, sobjectOf } from './objects.js';
import type { Context } from './session/session.js';
import { checkChangeEvents } from './streaming/check.js';

export async function check(ctx: Context): Promise<readonly CheckItem[]> {
  let client: SalesforceClient;
  try {
    client = await openClient(ctx);
  } catch (error) {
    const failure = toHubError(error, ctx.clock.now());
    const refused = failure instanceof ConnectorError && failure.kind === 'credentials';
    return [failed(refused ? 'credentials' : 'reach', failure)];
  }
  const items: CheckItem[] = [ok('credentials', 'Signed in to Salesforce.')];
  const reach = await checked('reach', ctx, () => version(client));
  items.push(reach);
  if (reach.status === 'failed') return items;
  for (const { object, creatable } of objectsOf(ctx.settings)) {
    const shape = await shapeOf(client, object);
    const own =
      shape instanceof Error
        ? [failed(`object-${object}`, shape)]
        : [rights(object, shape, creatable), ...fields(ctx, object, shape), hubId(ctx, object, shape)];
    // Many sync no deals: what is wrong with them need not be mended.
    items.push(...(object === 'opportunity' ? own.map(mildly) : own));
  }
  if (ctx.settings.changeEvents)
    items.push(await checked('change-events', ctx, () => checkChangeEvents(client)));
  items.push(await checked('limits', ctx, () => limits(client)));
  return items;
}

function ok(name: string, message: string): CheckItem {
  return { name, status: 'ok', message };
}

function warning(name: string, message: string, remedy: string): CheckItem {
  return { name, status: 'warning', message, remedy };
}

function mildly(item: CheckItem): CheckItem {
  return item.status === 'failed' ? { ...item, status: 'warning' } : item;
}

function failed(name: string, error: Error): CheckItem {
  const remedy = error instanceof ConnectorError ? error.remedy : 'Try again; report it if it stays.';
  return { name, status: 'failed', message: error.message, remedy };
}

async function checked(name: string, ctx: Context, run: () => Promise<CheckItem>): Promise<CheckItem> {
  try {
    return await run();
  } catch (error) {
    return failed(name, toHubError(error, ctx.clock.now()));
  }
}

async function version(client: SalesforceClient): Promise<CheckItem> {
  const { apiVersion } = client.ctx.settings;
  const served = await client.versions();
  const newest = served.at(-1) ?? apiVersion;
  if (served.includes(apiVersion))
    return ok('reach', `API version ${apiVersion} is served (newest: ${newest}).`);
  return {
    name: 'reach',
    status: 'failed',
    message: `API version ${apiVersion} is not served by this org.`,
    remedy: `Set apiVersion to "${newest}".`,
  };
}

async function shapeOf(client: SalesforceClient, object: string): Promise<Describe | Error> {
  try {
    return await describe(client, sobjectOf(object).type, 0);
  } catch (error) {
    return toHubError(error, client.ctx.clock.now());
  }
}

function rights(object: string, shape: Describe, creatable: boolean): CheckItem {
  const name = `scopes-${object}`;
  const { type } = sobjectOf(object);
  const grant = `In the integration user's profile or a permission set, give the object ${type}`;
  if (!shape.queryable)
    return {
      name,
      status: 'failed',
      message: `${type} can not be read.`,
      remedy: `${grant} Read and View All.`,
    };
  const lacking = [
    creatable && !shape.createable ? 'Create' : '',
    shape.updateable ? '' : 'Edit',
    shape.deletable ? '' : 'Delete',
  ];
  const named = lacking.filter((one) => one !== '');
  if (named.length === 0) return ok(name, `${type} can be read and written.`);
  const message = `${type} can be read, but the user lacks: ${named.join(', ')}.`;
  return warning(name, message, `${grant} ${named.join(', ')}; or sync it with direction pull.`);
}

/** Fields of the default mapping that are hidden or read-only, so that nobody wonders why they stay empty. */
function fields(ctx: Context, object: string, shape: Describe): readonly CheckItem[] {
  const mapping = objectsOf(ctx.settings).find((one) => one.object === object)?.mapping ?? [];
  const { type } = sobjectOf(object);
  const { columns, missing } = resolveColumns(
    shape,
    mapping.map((line) => line.property).filter((property) => !isShownApart(type, property)),
  );
  const pushed = new Set(mapping.filter((line) => line.direction === 'both').map((line) => line.property));
  const locked = columns.filter((column) => pushed.has(column.property) && !column.field.updateable);
  const items: CheckItem[] = [];
  const grant =
    'Give the integration user access to them (Field-Level Security), or set them to none in the mapping.';
  if (missing.length > 0)
    items.push(
      warning(`fields-${object}`, `Fields that do not exist or are hidden: ${missing.join(', ')}.`, grant),
    );
  if (locked.length > 0)
    items.push(
      warning(
        `fields-${object}`,
        `Fields that can not be written: ${locked.map((one) => one.property).join(', ')}.`,
        grant,
      ),
    );
  return items;
}

function hubId(ctx: Context, object: string, shape: Describe): CheckItem {
  const name = `hub-id-field-${object}`;
  const { type } = sobjectOf(object);
  const make = `In Setup, Object Manager, ${type}, Fields: make a text field of length 64, "Unique" and "External ID" ticked, and let the integration user edit it; then name it in the settings as externalIdField.`;
  const wanted = ctx.settings.externalIdField;
  if (wanted === undefined)
    return ok(
      name,
      `No field for the hub's id on ${type}: new records are looked up before they are made again. To make one: ${make}`,
    );
  const field = shape.fields.get(wanted.toLowerCase());
  if (field === undefined) return warning(name, `${type} has no field ${wanted}, or it is hidden.`, make);
  if (!field.externalId || !field.unique || !field.createable)
    return warning(
      name,
      `${type}.${wanted} is not unique, no external id, or not writable for the user.`,
      make,
    );
  return ok(name, `New records of ${type} are upserted by ${wanted}.`);
}

const LOW = 0.1;

async function limits(client: SalesforceClient): Promise<CheckItem> {
  const { DailyApiRequests: daily } = await client.limits();
  const usage = client.apiUsage;
  const limit = daily?.Max ?? usage?.limit;
  const left = daily?.Remaining ?? (usage === undefined ? undefined : usage.limit - usage.used);
  if (limit === undefined || left === undefined)
    return ok('limits', 'Salesforce does not say how many calls are left.');
  const message = `${String(left)} of ${String(limit)} API calls of the last 24 hours are left.`;
  if (left > limit * LOW) return ok('limits', message);
  return warning(
    'limits',
    message,
    'Sync less often, find the heavy users in Setup, System Overview, or buy more calls.',
  );
}
