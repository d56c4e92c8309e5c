import { setTimeout as pause } from 'node:timers/promises';
import type { BenchDatabase } from './postgres.js';

const LOOK_MS = 10;

/** Resolves when the run is at its end; fails when that is another one than it should be. */
export async function settled({ client }: BenchDatabase, runId: string): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ state: string }>(
      '/* bench: */ select state from run where id = $1',
      [runId],
    );
    const state = rows[0]?.state;
    if (state === 'settled') return;
    if (state !== 'running') throw new Error(`A sync of the bench is ${String(state)}.`);
    await pause(LOOK_MS);
  }
}
