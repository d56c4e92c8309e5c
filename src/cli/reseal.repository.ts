import { targetContext } from '../erasure/target.js';
import { execute, rows, sql, type Transaction } from '../platform/database/index.js';
import type { Vault } from '../platform/secrets/index.js';

interface SealedRow {
  readonly id: string;
  readonly credentials: string | null;
  readonly webhooks: string | null;
}

/** Seals all stored secrets with the current key; returns how many were sealed with another one. */
export async function resealAll(tx: Transaction, vault: Vault): Promise<number> {
  const found = await rows<SealedRow>(
    tx,
    sql`select id::text as id, credentials, webhook_secrets as webhooks from connection
      where credentials is not null or webhook_secrets is not null order by connection.id for update`,
  );
  let resealed = 0;
  for (const { id, credentials, webhooks } of found) {
    const sealed = [credentials, webhooks].filter((one) => one !== null);
    const old = sealed.filter((one) => !vault.isCurrent(one)).length;
    if (old === 0) continue;
    const again = (text: string | null, context: string): string | null =>
      text === null ? null : vault.reseal(text, context);
    await execute(
      tx,
      sql`update connection set credentials = ${again(credentials, `credentials:${id}`)},
              webhook_secrets = ${again(webhooks, `webhooks:${id}`)} where id = ${id}::uuid`,
    );
    resealed += old;
  }
  return resealed + (await resealHubKeys(tx, vault)) + (await resealErasures(tx, vault));
}

async function resealHubKeys(tx: Transaction, vault: Vault): Promise<number> {
  const found = await rows<{ name: string; sealed: string }>(
    tx,
    sql`select name, sealed from hub_key order by name for update`,
  );
  const old = found.filter(({ sealed }) => !vault.isCurrent(sealed));
  for (const { name, sealed } of old) {
    const again = vault.reseal(sealed, `hub-key:${name}`);
    await execute(tx, sql`update hub_key set sealed = ${again} where name = ${name}`);
  }
  return old.length;
}

/** Which records are still to be erased is sealed too. */
async function resealErasures(tx: Transaction, vault: Vault): Promise<number> {
  const found = await rows<{ id: string; erasureId: string; sealed: string }>(
    tx,
    sql`select id::text as id, erasure_id::text as "erasureId", sealed from erasure_task where sealed is not null order by erasure_task.id for update`,
  );
  const old = found.filter(({ sealed }) => !vault.isCurrent(sealed));
  for (const { id, erasureId, sealed } of old) {
    const again = vault.reseal(sealed, targetContext(erasureId));
    await execute(tx, sql`update erasure_task set sealed = ${again} where id = ${id}::bigint`);
  }
  return old.length;
}
