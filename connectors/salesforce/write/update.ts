/** Updates: safe to send twice, so a lost answer is settled by looking. */
import type { PushOutcome } from '../../../src/sdk/index.js';
import type { Row } from '../client.js';
import { tombstoneOf } from '../records/decode.js';
import { failureOutcomes, goneOutcome } from './failures.js';
import { answerLost, unknown } from './lost.js';
import { readBack, type Stored } from './read-back.js';
import { holds } from '../records/same.js';
import { rowsById } from '../records/select.js';
import { sorted, write, type Desk, type Lost, type Update } from './write.js';

export async function updateAll(desk: Desk, items: readonly Update[]): Promise<readonly PushOutcome[]> {
  const { target, writer } = desk;
  const written = await write(items, (batch) =>
    writer.update(
      target.type,
      batch.map(({ id, fields }) => ({ ...fields, Id: id })),
    ),
  );
  const { stored, failed, lost } = sorted(written);
  const seen = await lookAgain(desk, lost);
  return [
    ...(await readBack(desk, [...stored.map(({ item }) => storedAs(item)), ...seen.applied])),
    ...seen.outcomes,
    ...(await failureOutcomes(desk, failed)),
  ];
}

function storedAs({ key, id, fields, columns }: Update): Stored {
  return { key, id, fields, sent: columns, columns, found: false };
}

interface Seen {
  readonly applied: readonly Stored[];
  readonly outcomes: readonly PushOutcome[];
}

async function lookAgain(
  desk: Desk,
  lost: readonly { readonly item: Update; readonly answer: Lost }[],
): Promise<Seen> {
  const applied: Stored[] = [];
  const outcomes: PushOutcome[] = [];
  const rows = await rowsOf(
    desk,
    lost.map(({ item }) => item),
  );
  for (const { item, answer } of lost) {
    const row = rows?.get(item.id);
    const gone = row && tombstoneOf(row);
    if (rows === undefined) outcomes.push(unknown(item.key));
    else if (row === undefined || gone !== undefined) outcomes.push(goneOutcome(item.key, gone));
    else if (holds(row, item)) applied.push(storedAs(item));
    else outcomes.push(answer.ended ? answerLost(item.key) : unknown(item.key));
  }
  return { applied, outcomes };
}

async function rowsOf(desk: Desk, items: readonly Update[]): Promise<ReadonlyMap<string, Row> | undefined> {
  const columns = [
    ...new Map(items.flatMap((one) => one.columns.map((column) => [column.property, column]))).values(),
  ];
  try {
    return await rowsById(desk.client, desk.target, { ids: items.map((one) => one.id), columns });
  } catch {
    return undefined;
  }
}
