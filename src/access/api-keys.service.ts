import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RequestError } from '../customers/request-error.js';
import { Database, execute, firstRow, rows, sql, type Queryable } from '../platform/database/index.js';
import { hashKey, isKeyForm, newKey, sameHash, type Scope } from './api-key.js';

/** A key without its secret. */
export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Who calls. */
export interface Caller {
  readonly keyId: string;
  readonly name: string;
  readonly scope: Scope;
}

/** Keys of the HTTP API. Only their hashes are stored. */
@Injectable()
export class ApiKeysService {
  constructor(private readonly database: Database) {}

  /** Makes a key; its plain form is returned here and never again. */
  async create(request: {
    readonly name: string;
    readonly scope: Scope;
  }): Promise<ApiKeyView & { readonly key: string }> {
    return this.insert(this.database, request);
  }

  /** While there is no key that may administer: makes one, in plain form this once; null otherwise. */
  async ensureFirstKey(): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      await execute(tx, sql`lock table api_key in share row exclusive mode`);
      const found = await firstRow(
        tx,
        sql`select id::text as id from api_key where scope = 'admin' and revoked_at is null limit 1`,
      );
      if (found !== undefined) return null;
      return (await this.insert(tx, { name: 'first key', scope: 'admin' })).key;
    });
  }

  async list(): Promise<ApiKeyView[]> {
    return rows(this.database, sql`select ${VIEW} from api_key order by created_at, id`);
  }

  /** @throws RequestError when there is none of this id, or it is the last that may administer */
  async revoke(id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await execute(tx, sql`lock table api_key in share row exclusive mode`);
      const keys = await rows<ApiKeyView>(tx, sql`select ${VIEW} from api_key where revoked_at is null`);
      const key = keys.find((one) => one.id === id);
      if (key === undefined) {
        throw new RequestError({
          kind: 'unknown',
          message: `There is no API key ${id.slice(0, 40)} in use.`,
          remedy: 'List the keys to see their ids.',
        });
      }
      if (key.scope === 'admin' && keys.filter((one) => one.scope === 'admin').length === 1) {
        throw new RequestError({
          kind: 'conflict',
          message: 'This is the last key that may administer.',
          remedy: 'Make another admin key first.',
        });
      }
      await execute(tx, sql`update api_key set revoked_at = now() where id = ${id}::uuid`);
    });
  }

  /** Who a key belongs to; null when it is none, or was revoked. Notes its use, once a minute at most. */
  async verify(key: string): Promise<Caller | null> {
    if (!isKeyForm(key)) return null;
    const hash = hashKey(key);
    const found = await firstRow<Caller & { hash: string; stale: boolean }>(
      this.database,
      sql`select id::text as "keyId", name, scope, hash, coalesce(last_used_at < now() - interval '1 minute', true) as stale
         from api_key where hash = ${hash} and revoked_at is null`,
    );
    if (found === undefined || !sameHash(found.hash, hash)) return null;
    if (found.stale) {
      await execute(
        this.database,
        sql`update api_key set last_used_at = now()
          where id = ${found.keyId}::uuid and coalesce(last_used_at < now() - interval '1 minute', true)`,
      );
    }
    return { keyId: found.keyId, name: found.name, scope: found.scope };
  }

  private async insert(
    db: Queryable,
    { name, scope }: { readonly name: string; readonly scope: Scope },
  ): Promise<ApiKeyView & { readonly key: string }> {
    const key = newKey();
    const made = await firstRow<ApiKeyView>(
      db,
      sql`insert into api_key (id, name, hash, scope) values (${randomUUID()}::uuid, ${name}, ${hashKey(key)}, ${scope})
       returning ${VIEW}`,
    );
    if (made === undefined) throw new Error('The API key could not be stored.');
    return { ...made, key };
  }
}

const VIEW = sql`id::text as id, name, scope, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;
