import type { HeldWrites } from '../sync/approval.service.js';
import { table } from './output.js';
import { renderSamples } from './render-dry-run.js';

/** What waits for a person's word: how much of what, why, and samples field by field. */
export function renderHeld(held: readonly HeldWrites[]): string {
  return held.map(renderOne).join('\n\n');
}

/** How to answer, one line a run. */
export function howToAnswer(held: readonly HeldWrites[]): string {
  return [...new Set(held.map(({ runId }) => runId))]
    .map((runId) => `rapport approve ${runId}    (or: rapport reject ${runId})`)
    .join('\n');
}

function renderOne({ connection, state, reason, records, writes, samples }: HeldWrites): string {
  const count = (kind: string, object: string): number =>
    writes.find((one) => one.kind === kind && one.object === object)?.count ?? 0;
  const objects = [...new Set(writes.map(({ object }) => object))];
  return [
    `${connection}: ${why(reason, connection, records)}${state === 'rejected' ? ' It was rejected.' : ''}`,
    '',
    table(
      ['connection', 'object', 'create', 'update', 'archive'],
      objects.map((object) => [
        connection,
        object,
        count('create', object),
        count('update', object),
        count('archive', object),
      ]),
    ),
    ...objects.flatMap((object) =>
      renderSamples(
        `${connection} ${object}`,
        samples.filter((sample) => sample.object === object),
      ),
    ),
  ].join('\n');
}

function why(
  reason: HeldWrites['reason'],
  connection: string,
  records: Readonly<Record<string, number>>,
): string {
  const all = Object.values(records).reduce((sum, count) => sum + count, 0);
  return reason === 'first'
    ? `it holds ${String(all)} records and has never been written. This is what the first sync would do.`
    : `this would change more of the ${String(all)} records in ${connection} than its limit.`;
}
