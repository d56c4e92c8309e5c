import { createHmac, randomBytes } from 'node:crypto';
import { execute, firstRow, sql, type Queryable } from '../platform/database/index.js';
import type { Vault } from '../platform/secrets/index.js';
import type { KeyedHash } from './active-connection.js';

const NAME = 'suppression';
/** What the key is sealed for; needed to open it. */
export const HUB_KEY_CONTEXT = `hub-key:${NAME}`;

/**
 * HMAC-SHA256 with a key of the hub's own, made on first use and kept sealed: hashes stay what they are when the
 * encryption key is another one.
 */
export async function loadKeyedHash(db: Queryable, vault: Vault): Promise<KeyedHash> {
  const sealed = (await find(db)) ?? (await make(db, vault));
  const key = Buffer.from(vault.open(sealed, HUB_KEY_CONTEXT), 'base64');
  return (text) => createHmac('sha256', key).update(text).digest('base64url');
}

async function find(db: Queryable): Promise<string | undefined> {
  const row = await firstRow<{ sealed: string }>(db, sql`select sealed from hub_key where name = ${NAME}`);
  return row?.sealed;
}

/** Of several processes that make one at once, the first one's is taken by all. */
async function make(db: Queryable, vault: Vault): Promise<string> {
  const made = vault.seal(randomBytes(32).toString('base64'), HUB_KEY_CONTEXT);
  await execute(db, sql`insert into hub_key (name, sealed) values (${NAME}, ${made}) on conflict do nothing`);
  return (await find(db)) ?? made;
}
