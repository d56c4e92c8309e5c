import { ErasureService } from '../../erasure/erasure.service.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import { showTime, table, type Output } from '../output.js';
import { renderErasure } from '../render-erasure.js';

const BY = 'the command line';

export async function listErasures(output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const erasures = await hub.get(ErasureService).list();
    output.result({ erasures }, () =>
      erasures.length === 0 ? 'Nobody was erased.' : erasures.map(renderErasure).join('\n\n'),
    );
    return erasures.some((erasure) => erasure.state === 'pending') ? EXIT.unsynced : EXIT.done;
  });
}

export async function retryErasures(output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const service = hub.get(ErasureService);
    await service.retry();
    const { pending } = await service.summary();
    output.result(
      { pending },
      () => `${String(pending)} to try again. \`rapport serve\` or \`rapport worker\` does it at once.`,
    );
    return EXIT.done;
  });
}

export async function listSuppressions(output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const suppressions = await hub.get(ErasureService).suppressions();
    output.result({ suppressions }, () =>
      suppressions.length === 0
        ? 'Nobody is kept out.'
        : table(
            ['erasure', 'since (UTC)', 'by', 'hashes', 'kept out', 'last (UTC)'],
            suppressions.map(({ erasureId, since, by, kept, hits, lastHitAt }) => [
              erasureId,
              showTime(since),
              by,
              Object.entries(kept)
                .map(([kind, count]) => `${String(count)} ${kind}`)
                .join(', '),
              hits,
              lastHitAt === null ? '' : showTime(lastHitAt),
            ]),
          ),
    );
    return EXIT.done;
  });
}

export async function liftSuppression(
  identifier: string,
  givenName: string | undefined,
  output: Output,
): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const lifted = await hub.get(ErasureService).lift({ identifier, givenName, by: BY });
    output.result(
      lifted,
      () => 'They are not kept out any more. `rapport sync --full` takes in what was kept out until now.',
    );
    return EXIT.done;
  });
}
