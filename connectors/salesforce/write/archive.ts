/** Deletes into the recycle bin, from where a person can bring a record back for fifteen days. */
import type { PushOutcome } from '../../../src/sdk/index.js';
import type { Row } from '../client.js';
import { failureOutcomes } from './failures.js';
import { answerLost, unknown } from './lost.js';
import { rowsById } from '../records/select.js';
import { sorted, write, type Archive, type Desk, type Lost } from './write.js';

export async function archiveAll(desk: Desk, items: readonly Archive[]): Promise<readonly PushOutcome[]> {
  const written = await write(items, (batch) =>
    desk.writer.destroy(
      desk.target.type,
      batch.map(({ id }) => id),
    ),
  );
  const { stored, failed, lost } = sorted(written);
  return [
    ...stored.map(({ item }) => archived(item)),
    ...(await lookAgain(desk, lost)),
    ...(await failureOutcomes(desk, failed)),
  ];
}

function archived({ key, id }: Archive): PushOutcome {
  return { key, status: 'stored', id, values: {} };
}

async function lookAgain(
  desk: Desk,
  lost: readonly { readonly item: Archive; readonly answer: Lost }[],
): Promise<readonly PushOutcome[]> {
  if (lost.length === 0) return [];
  let rows: ReadonlyMap<string, Row>;
  try {
    rows = await rowsById(desk.client, desk.target, { ids: lost.map(({ item }) => item.id), columns: [] });
  } catch {
    return lost.map(({ item }) => unknown(item.key));
  }
  return lost.map(({ item, answer }) => {
    const row = rows.get(item.id);
    if (row === undefined || row['IsDeleted'] === true) return archived(item);
    return answer.ended ? answerLost(item.key) : unknown(item.key);
  });
}
