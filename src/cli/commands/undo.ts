import { UndoService, type Undone } from '../../sync/undo.service.js';
import { BY } from '../by.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import { table, type Output } from '../output.js';

export async function undoRun(
  id: string,
  { dryRun }: { readonly dryRun: boolean },
  output: Output,
): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const undone = await hub.get(UndoService).undo(id, { by: BY, dryRun });
    output.result(undone, () => render(undone));
    return undone.notUndone > 0 ? EXIT.unsynced : EXIT.done;
  });
}

const WHY: Readonly<Record<Undone['listed'][number]['obstacle'], string>> = {
  changed: 'somebody, or a later run, wrote something else since',
  gone: 'the record is gone',
  archived: 'the run archived it, and the hub cannot bring it back: do so there, the hub follows',
  found: 'it was found there, not made: it may be somebody\u2019s own',
  'not-writable': 'the connection takes no such writes now',
};

function render({ runId, undoes, reverted, archived, notUndone, listed }: Undone): string {
  const would = runId === null ? 'would be ' : 'are ';
  const lines = [
    `${String(reverted)} records ${would}written back as they were before run ${undoes}; ${String(archived)} that it made ${would}archived.`,
  ];
  if (notUndone > 0) {
    lines.push(
      `${String(notUndone)} stay as they are:`,
      table(
        ['connection', 'object', 'record', 'field', 'why'],
        listed.map((one) => [
          one.connection,
          one.object,
          one.url ?? one.externalId,
          one.field ?? '(all of it)',
          WHY[one.obstacle],
        ]),
      ),
    );
    const byHand = new Map(
      listed.flatMap((one) => (one.byHand === null ? [] : [[one.connection, one.byHand]])),
    );
    lines.push(...[...byHand].map(([connection, how]) => `To bring a record back in ${connection}: ${how}`));
  }
  lines.push(
    runId === null
      ? 'Nothing was changed.'
      : `Run ${runId} does it: \`rapport serve\` at once; without it, the next \`rapport sync --wait\`.`,
  );
  return lines.join('\n\n');
}
