import { Database } from '../../platform/database/index.js';
import { Vault } from '../../platform/secrets/index.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import type { Output } from '../output.js';
import { resealAll } from '../reseal.repository.js';

/**
 * Old keys stay unless told: a process that runs on still seals with the key it started with, and what it seals must
 * open later.
 */
export async function rotateKeys(
  { forgetOld }: { readonly forgetOld: boolean },
  output: Output,
): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const vault = hub.get(Vault);
    const made = vault.addKey();
    const resealed = await hub.get(Database).transaction((tx) => resealAll(tx, vault));
    const forgotten = made && forgetOld;
    if (forgotten) vault.forgetOldKeys();
    output.result({ newKey: made, resealed, forgotten }, () => told(made, resealed, forgotten));
    return EXIT.done;
  });
}

function told(made: boolean, resealed: number, forgotten: boolean): string {
  const done = `${String(resealed)} stored ${resealed === 1 ? 'secret was' : 'secrets were'} sealed anew`;
  if (!made) {
    return `${done} with the first key of RAPPORT_ENCRYPTION_KEY.\nOnce every process has that key and this says 0, the older keys can go.`;
  }
  if (forgotten) return `A new key was made, ${done}, and no older key is kept.`;
  return `A new key was made, and ${done}. Older keys are kept for processes that still run.`;
}
