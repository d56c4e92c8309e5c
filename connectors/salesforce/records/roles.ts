/**
 * The contacts of an opportunity: records of their own (OpportunityContactRole), shown to the hub as a property. A role
 * that is deleted leaves no trace but its id (Object Reference: its IsDeleted tells of its opportunity only), and none
 * moves a stamp of the opportunity.
 */
import { ConnectorError, type JsonValue, type SourceRecord } from '../../../src/sdk/index.js';
import { inParallel } from '../api/parallel.js';
import { queriesIn } from '../api/soql.js';
import type { Row, SalesforceClient } from '../client.js';
import { toHubError } from '../errors.js';
import { utc } from './decode.js';

export const ROLE = 'OpportunityContactRole';
/** Name of the property that the hub sees. */
export const CONTACT_ROLES = 'OpportunityContactRoles';

const PARALLEL = 5;

export interface Role {
  readonly id: string;
  readonly contact: string;
  readonly isPrimary: boolean;
  /** ISO 8601 in UTC. */
  readonly at: string | undefined;
}

/** The roles of each opportunity, the primary one first; undefined when the user may not see roles. */
export async function rolesOf(
  client: SalesforceClient,
  opportunities: readonly string[],
): Promise<ReadonlyMap<string, readonly Role[]> | undefined> {
  const found = new Map<string, Role[]>(opportunities.map((id) => [id, []]));
  const select = `SELECT Id, OpportunityId, ContactId, IsPrimary, SystemModstamp FROM ${ROLE}`;
  try {
    const queries = queriesIn(select, (list) => `OpportunityId IN (${list})`, opportunities);
    const answers = await inParallel(PARALLEL, queries, (soql) => client.queryRows(soql, { all: false }));
    for (const row of answers.flat()) found.get(String(row['OpportunityId']))?.push(roleOf(row));
  } catch (error) {
    if (!isForbidden(client, error)) throw error;
    client.ctx.log.warn('salesforce contact roles can not be read: the customers of deals are left out');
    return undefined;
  }
  for (const roles of found.values())
    roles.sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary) || (a.id < b.id ? -1 : 1));
  return found;
}

export function isForbidden(client: SalesforceClient, error: unknown): boolean {
  const failure = toHubError(error, client.ctx.clock.now());
  return (
    failure instanceof ConnectorError && (failure.kind === 'configuration' || failure.kind === 'permission')
  );
}

function roleOf(row: Row): Role {
  return {
    id: String(row['Id']),
    contact: String(row['ContactId']),
    isPrimary: row['IsPrimary'] === true,
    at: utc(row['SystemModstamp']),
  };
}

export function contactLinks(contacts: readonly string[]): JsonValue {
  return [...new Set(contacts)].map((id) => ({ ref: { object: 'contact', id } }));
}

/** Ids of contacts in a value of the hub's; undefined when it is no list of links. */
export function contactIds(value: JsonValue): readonly string[] | undefined {
  if (value === null) return [];
  const entries: readonly JsonValue[] = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  const ids = entries.map((entry) => {
    const ref = typeof entry === 'object' && entry !== null && 'ref' in entry ? entry.ref : undefined;
    return typeof ref === 'object' && 'id' in (ref ?? {}) ? (ref as { readonly id?: unknown }).id : undefined;
  });
  return ids.every((id): id is string => typeof id === 'string') ? ids : undefined;
}

/** The records with their contacts, and when the newest of the roles came to be. */
export async function withRoles(
  client: SalesforceClient,
  records: readonly SourceRecord[],
): Promise<readonly SourceRecord[]> {
  const roles = await rolesOf(
    client,
    records.map((record) => record.id),
  );
  if (roles === undefined) return records;
  return records.map((record) => {
    const own = roles.get(record.id) ?? [];
    const at = own
      .flatMap((role) => role.at ?? [])
      .sort()
      .at(-1);
    return {
      ...record,
      values: { ...record.values, [CONTACT_ROLES]: contactLinks(own.map((role) => role.contact)) },
      ...(at === undefined ? {} : { times: { ...record.times, [CONTACT_ROLES]: at } }),
    };
  });
}
