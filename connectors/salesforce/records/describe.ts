/** What an object looks like to the integration user. Asked once in a while, kept in the context's cache. */
import type { DescribeSObjectResult, Field } from 'jsforce/lib/types/index.js';
import type { SalesforceClient } from '../client.js';

export interface Describe {
  readonly queryable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly title: string;
  /** By lower-case name: Salesforce's names ignore case. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Hub's clock, ms. */
  readonly at: number;
}

/** A property the hub asks for, and the field that carries it. */
export interface Column {
  /** As the mapping writes it. */
  readonly property: string;
  readonly field: Field;
}

const KEEP_MS = 30 * 60_000;

/** The describe at hand unless older than `maxAgeMs`; 30 minutes unless told. */
export async function describe(
  client: SalesforceClient,
  type: string,
  maxAgeMs = KEEP_MS,
): Promise<Describe> {
  const { cache, clock } = client.ctx;
  const key = `salesforce.describe.${type}`;
  const held = cache.get(key) as Describe | undefined;
  if (held !== undefined && clock.now() - held.at <= maxAgeMs) return held;
  const fresh = shapeOf(await client.describe(type), clock.now());
  cache.set(key, fresh);
  return fresh;
}

function shapeOf(answer: DescribeSObjectResult, at: number): Describe {
  return {
    queryable: answer.queryable,
    createable: answer.createable,
    updateable: answer.updateable,
    deletable: answer.deletable,
    title: answer.label,
    fields: new Map(answer.fields.map((field) => [field.name.toLowerCase(), field])),
    at,
  };
}

export interface Resolved {
  readonly columns: readonly Column[];
  /** Properties that do not exist, or that the user may not see. */
  readonly missing: readonly string[];
}

export function resolveColumns(shape: Describe, properties: readonly string[]): Resolved {
  const columns: Column[] = [];
  const missing: string[] = [];
  for (const property of new Set(properties)) {
    const field = shape.fields.get(property.toLowerCase());
    if (field === undefined) missing.push(property);
    else columns.push({ property, field });
  }
  return { columns, missing };
}

/** As {@link resolveColumns}, with a line in the log for what is missing: the sync goes on without it. */
export async function columnsFor(
  client: SalesforceClient,
  type: string,
  properties: readonly string[],
): Promise<readonly Column[]> {
  const { columns, missing } = resolveColumns(await describe(client, type), properties);
  const hidden = missing.filter((property) => !isShownApart(type, property));
  if (hidden.length > 0)
    client.ctx.log.warn('salesforce fields left out: unknown, or hidden from the integration user', {
      object: type,
      fields: hidden.join(', '),
    });
  return columns;
}

/** A field that names the user who owns the record; its value crosses the border as that user's e-mail. */
export function isOwner(field: Field): boolean {
  return field.name === 'OwnerId';
}

/** Properties that are no fields, or not in every org, and are known by other means. */
export function isShownApart(type: string, property: string): boolean {
  return type === 'Opportunity' && (property === 'OpportunityContactRoles' || property === 'CurrencyIsoCode');
}
