import { createHmac, randomBytes } from 'node:crypto';
import { execute, firstRow, sql, type Queryable } from '../platform/database/index.js';
import { SecretError, type Vault } from '../platform/secrets/index.js';
import type { KeyedHash } from './active-connection.js';

const NAME = 'suppression';
/** What the key is sealed for; needed to open it. */
export const HUB_KEY_CONTEXT = `hub-key:${NAME}`;

/**
 * HMAC-SHA256 with a key of the hub's own, made on first use and kept sealed: hashes stay what they are when the
 * encryption key is another one.
 *
 * Where that key is lost, the hash throws {@link SecretError} when it is needed: nobody who was erased comes back by it.
 */
export async function loadKeyedHash(db: Queryable, vault: Vault): Promise<KeyedHash> {
  const sealed = (await find(db)) ?? (await make(db, vault));
  try {
    return hashingWith(vault.open(sealed, HUB_KEY_CONTEXT));
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    // The encryption key is another one for good. As long as nothing was hashed, nothing is lost.
    if (await isInUse(db)) {
      return () => {
        throw error;
      };
    }
    await execute(db, sql`delete from hub_key where name = ${NAME} and sealed = ${sealed}`);
    return hashingWith(vault.open(await make(db, vault), HUB_KEY_CONTEXT));
  }
}

function hashingWith(secret: string): KeyedHash {
  const key = Buffer.from(secret, 'base64');
  return (text) => createHmac('sha256', key).update(text).digest('base64url');
}

async function isInUse(db: Queryable): Promise<boolean> {
  const row = await firstRow<{ used: boolean }>(db, sql`select exists (select from suppression) as used`);
  return row?.used === true;
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
