import { createInterface } from 'node:readline/promises';
import { ErasureService, type ErasurePlan } from '../../erasure/erasure.service.js';
import type { ErasureView } from '../../erasure/erasure-list.repository.js';
import { CommandError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { findOne } from '../find-customer.js';
import { withHub, type Hub } from '../hub.js';
import type { Output } from '../output.js';
import { renderErasure, renderPlan } from '../render-erasure.js';

const BY = 'the command line';
const LOOK_MS = 100;
/** A tool that does not answer by then is waited for by `rapport serve`. */
const PATIENCE_MS = 60_000;

export async function planErasure(query: string, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const plan = await hub.get(ErasureService).plan(await findOne(hub, query));
    output.result(plan, () => `${renderPlan(plan)}\nNothing was changed.`);
    return EXIT.done;
  });
}

export async function erase(
  query: string,
  { yes }: { readonly yes: boolean },
  output: Output,
): Promise<ExitCode> {
  return withHub({ work: true }, async (hub) => {
    const service = hub.get(ErasureService);
    const plan = await service.plan(await findOne(hub, query));
    if (!yes) await confirm(plan, hub);
    const { id } = await service.erase({ id: plan.customerId, by: BY });
    const erasure = await attempted(id, hub);
    output.result(erasure, () => renderErasure(erasure));
    return erasure.state === 'done' ? EXIT.done : EXIT.unsynced;
  });
}

/** A person says so; a script says `--yes`. */
async function confirm(plan: ErasurePlan, hub: Hub): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CommandError(
      EXIT.usage,
      'Erasing cannot be undone, and there is nobody to ask.',
      'Say --yes, or --dry-run to see what would happen.',
    );
  }
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const prompt = `${renderPlan(plan)}\n\nThis cannot be undone. Type "erase" to go on: `;
    const answer = await questions.question(prompt, { signal: hub.signal });
    if (answer.trim() !== 'erase') throw new CommandError(EXIT.stopped, 'Nothing was erased.');
  } finally {
    questions.close();
  }
}

/** Until each tool has been asked once: what is left then waits for longer than anybody at a terminal. */
async function attempted(id: string, hub: Hub): Promise<ErasureView> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const erasure = await hub.get(ErasureService).find(id);
    const open = erasure.receipts.filter((receipt) => receipt.outcome === null && receipt.attempts === 0);
    if (open.length === 0 || Date.now() > end) return erasure;
    await hub.pause(LOOK_MS);
  }
}
