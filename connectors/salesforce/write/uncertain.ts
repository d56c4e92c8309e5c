/** Creates whose earlier attempt may have been applied: looked for, all at once; nothing is made. */
import type { PushOutcome } from '../../../src/sdk/index.js';
import { storedAs } from './create.js';
import { externalIdField } from './external-id.js';
import { findCreated } from './find-created.js';
import { readBack } from './read-back.js';
import type { Create, Desk } from './write.js';

/** A call whose connection broke may still be at work for a while; what it will make can't be seen before. */
const AT_WORK_MS = 10_000;

export interface Settled {
  /** To be made: never tried. */
  readonly open: readonly Create[];
  readonly outcomes: readonly PushOutcome[];
}

export async function settleUncertain(desk: Desk, creates: readonly Create[]): Promise<Settled> {
  const doubtful = creates.filter((create) => create.uncertainSince !== undefined);
  if (doubtful.length === 0) return { open: creates, outcomes: [] };
  const ids = await findCreated(desk, doubtful);
  const found = doubtful.flatMap((create) => {
    const id = ids.get(create.key);
    return id === undefined ? [] : [storedAs(desk, create, { id, found: true })];
  });
  const upserts = (await externalIdField(desk)) !== undefined;
  const now = desk.client.ctx.clock.now();
  const waiting = doubtful.filter(
    (create) =>
      !upserts && !ids.has(create.key) && now - Date.parse(create.uncertainSince ?? '') < AT_WORK_MS,
  );
  const told = new Set([...found, ...waiting].map((one) => one.key));
  const absent = doubtful.filter((create) => !told.has(create.key));
  return {
    open: creates.filter((create) => create.uncertainSince === undefined),
    outcomes: [
      ...(await readBack(desk, found)),
      ...waiting.map((create) => notYet(create)),
      ...absent.map(({ key }): PushOutcome => ({ key, status: 'gone' })),
    ],
  };
}

function notYet({ key, uncertainSince }: Create): PushOutcome {
  return {
    key,
    status: 'retry',
    code: 'MAY_BE_AT_WORK',
    message: 'An earlier attempt may still be at work in Salesforce.',
    retryAt: Date.parse(uncertainSince ?? '') + AT_WORK_MS,
  };
}
