import { AuditsService } from '../../drift/audits.service.js';
import { REASONS, type Reason } from '../../drift/reason.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import type { Output } from '../output.js';
import { renderAudit } from '../render-audit.js';

const LOOK_MS = 200;
const BY = 'the command line';
/** Differences that are as they are meant to be. */
const FINE: ReadonlySet<Reason> = new Set(['one-way', 'not-read-yet']);

/** Does the work here and ends when all was compared: 0 when all agrees, 3 when something does not. */
export async function audit({ repair }: { readonly repair: boolean }, output: Output): Promise<ExitCode> {
  return withHub({ work: true }, async (hub) => {
    const audits = hub.get(AuditsService);
    const { auditId } = await audits.start({ repair, by: BY });
    let found = await audits.find(auditId);
    while (found.state === 'running') {
      await hub.pause(LOOK_MS);
      found = await audits.find(auditId);
    }
    const { findings, ...view } = found;
    output.result(found, () => renderAudit(view, findings));
    if (found.parts.some((part) => part.problem !== null)) return EXIT.failed;
    const differs = REASONS.some(
      (reason) => !FINE.has(reason) && found.parts.some((part) => (part.reasons[reason] ?? 0) > 0),
    );
    return differs ? EXIT.unsynced : EXIT.done;
  });
}
