import { ApiKeysService } from '../../access/index.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import { oneOf } from '../one-of.js';
import { showTime, table, type Output } from '../output.js';

export async function createApiKey(name: string, scope: string, output: Output): Promise<ExitCode> {
  const request = { name, scope: oneOf(scope, ['read', 'admin'], 'scope') };
  return withHub({ work: false }, async (hub) => {
    const made = await hub.get(ApiKeysService).create(request);
    output.result(made, () => made.key);
    if (!output.json) output.note('Keep it now: only its hash is stored, and it is not shown again.');
    return EXIT.done;
  });
}

export async function listApiKeys(output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const keys = await hub.get(ApiKeysService).list();
    output.result(keys, () =>
      table(
        ['id', 'name', 'scope', 'made', 'last used', 'revoked'],
        keys.map((key) => [
          key.id,
          key.name,
          key.scope,
          showTime(key.createdAt),
          key.lastUsedAt === null ? 'never' : showTime(key.lastUsedAt),
          key.revokedAt === null ? '' : showTime(key.revokedAt),
        ]),
      ),
    );
    return EXIT.done;
  });
}

export async function revokeApiKey(id: string, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    await hub.get(ApiKeysService).revoke(id);
    output.result({ id, revoked: true }, () => `Revoked ${id}.`);
    return EXIT.done;
  });
}
