/** Owners cross the border as e-mail addresses: ids of users mean nothing outside one org. */
import type { SalesforceClient } from '../client.js';
import type { Row } from '../client.js';
import type { OwnerEmails } from './decode.js';
import type { OwnerIds } from './encode.js';
import { toHubError } from '../errors.js';
import { queriesIn } from '../api/soql.js';

interface Known {
  readonly at: number;
  readonly emails: Map<string, string | null>;
}

const KEY = 'salesforce.owners';
const KEEP_MS = 30 * 60_000;
/** User ids begin so; other owners are queues. */
const USER = '005';

/** E-mails of the owners of these rows. Users that can't be read are left out: nothing is said of their records. */
export async function ownerEmails(client: SalesforceClient, rows: readonly Row[]): Promise<OwnerEmails> {
  const known = remembered(client);
  const wanted = new Set(rows.map((row) => row['OwnerId']).filter((id) => typeof id === 'string'));
  const unknown = [...wanted].filter((id) => id.startsWith(USER) && !known.has(id));
  if (unknown.length === 0) return known;
  try {
    for (const soql of queriesIn('SELECT Id, Email FROM User', (list) => `Id IN (${list})`, unknown))
      for (const user of await client.queryRows(soql, { all: true }))
        if (typeof user['Id'] === 'string') known.set(user['Id'], email(user) ?? null);
  } catch (error) {
    const failure = toHubError(error, client.ctx.clock.now());
    if (!('kind' in failure) || (failure.kind !== 'configuration' && failure.kind !== 'permission'))
      throw error;
    client.ctx.log.warn('salesforce users can not be read: owners are left out');
  }
  for (const id of unknown) if (!known.has(id)) known.set(id, null);
  return known;
}

/** Ids of the active users with these e-mails. Where several share one, a standard user, then the oldest. */
export async function ownerIds(client: SalesforceClient, emails: readonly string[]): Promise<OwnerIds> {
  const found = new Map<string, { readonly id: string; readonly rank: string }>();
  const select = 'SELECT Id, Email, UserType, CreatedDate FROM User';
  for (const soql of queriesIn(select, (list) => `IsActive = true AND Email IN (${list})`, emails)) {
    for (const user of await client.queryRows(soql, { all: false })) {
      const { Id: id } = user;
      const address = email(user)?.toLowerCase();
      if (typeof id !== 'string' || address === undefined) continue;
      const rank = `${user['UserType'] === 'Standard' ? '0' : '1'} ${String(user['CreatedDate'])} ${id}`;
      const other = found.get(address);
      if (other === undefined || rank < other.rank) found.set(address, { id, rank });
    }
  }
  return new Map([...found].map(([address, user]) => [address, user.id]));
}

function email(user: Row): string | undefined {
  return typeof user['Email'] === 'string' && user['Email'] !== '' ? user['Email'] : undefined;
}

function remembered(client: SalesforceClient): Map<string, string | null> {
  const { cache, clock } = client.ctx;
  const held = cache.get(KEY) as Known | undefined;
  if (held !== undefined && clock.now() - held.at <= KEEP_MS) return held.emails;
  const emails = new Map<string, string | null>();
  cache.set(KEY, { at: clock.now(), emails } satisfies Known);
  return emails;
}
