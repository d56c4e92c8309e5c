import { isUuid } from '../../customers/golden.repository.js';
import { MergeService } from '../../identity/merge.service.js';
import { ResolveService } from '../../sync/resolve.service.js';
import { BY } from '../by.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { findOne } from '../find-customer.js';
import { withHub, type Hub } from '../hub.js';
import type { Output } from '../output.js';

const NEXT =
  'What changes in the systems is written by `rapport serve`, or by the next `rapport sync --wait`.';

export async function merge(a: string, b: string, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const merged = await hub.get(MergeService).merge(await idOf(hub, a), await idOf(hub, b), BY);
    await settle(hub);
    output.result(
      merged,
      () =>
        `${merged.mergedId} is now ${merged.survivorId}.\n${NEXT}\nTo undo: rapport unmerge ${merged.mergedId}`,
    );
    return EXIT.done;
  });
}

export async function unmerge(query: string, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const unmerged = await hub.get(MergeService).unmerge({ id: await idOf(hub, query), by: BY });
    await settle(hub);
    output.result(
      unmerged,
      () => `${unmerged.revivedId} is separate from ${unmerged.survivorId} again, and stays so.\n${NEXT}`,
    );
    return EXIT.done;
  });
}

/** An id is taken as it is: that of an alias tells which merge is meant. */
async function idOf(hub: Hub, query: string): Promise<string> {
  return isUuid(query) ? query : findOne(hub, query);
}

/** The golden records are right when the command ends, whether or not a server runs. */
async function settle(hub: Hub): Promise<void> {
  const resolver = hub.get(ResolveService);
  while (await resolver.step()) hub.signal.throwIfAborted();
}
