import { execute, firstRow, sql, type Database } from '../platform/database/index.js';
import type { Vault } from '../platform/secrets/index.js';
import type { ActiveConnection } from './active-connection.js';
import { givenIn, inForce, withRenewed } from './stored-credentials.js';

export interface StoredCredentials {
  /** What a person gave. */
  readonly given: unknown;
  /** What to sign in with. */
  readonly inForce: unknown;
}

const NONE: StoredCredentials = { given: {}, inForce: {} };

/** Credentials of connections, sealed in the database and opened for whoever works on one. */
export class CredentialStore {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** Nothing where nothing is stored: the hub's own connection, a file that anybody may read. */
  async load(connection: ActiveConnection): Promise<StoredCredentials> {
    const row = await firstRow<{ sealed: string | null }>(
      this.database,
      sql`select credentials as sealed from connection where id = ${connection.id}::uuid`,
    );
    if (row?.sealed == null) return NONE;
    const text = this.vault.open(row.sealed, contextOf(connection));
    return { given: givenIn(text), inForce: inForce(text, connection.connector.credentials) };
  }

  /** Keeps what the system gave in exchange for `used`; nothing if a person has given others meanwhile. */
  async renew(connection: ActiveConnection, used: StoredCredentials, renewed: unknown): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await firstRow<{ sealed: string }>(
        tx,
        sql`select credentials as sealed from connection
          where id = ${connection.id}::uuid and credentials is not null for update`,
      );
      if (row === undefined) return;
      const text = this.vault.open(row.sealed, contextOf(connection));
      if (JSON.stringify(givenIn(text)) !== JSON.stringify(used.given)) return;
      const sealed = this.vault.seal(withRenewed(text, renewed), contextOf(connection));
      await execute(
        tx,
        sql`update connection set credentials = ${sealed}, updated_at = now() where id = ${connection.id}::uuid`,
      );
    });
  }
}

function contextOf(connection: ActiveConnection): string {
  return `credentials:${connection.id}`;
}
