/** Creates. With a field for the hub's id they are upserts by it and can't double; without, a lost one is looked for. */
import type { PushOutcome } from '../../../src/sdk/index.js';
import { externalIdField } from './external-id.js';
import { failureOutcomes } from './failures.js';
import { findCreated } from './find-created.js';
import { answerLost, unknown } from './lost.js';
import { readBack, type Stored } from './read-back.js';
import { sorted, write, type Create, type Desk, type Lost } from './write.js';

export async function createAll(desk: Desk, items: readonly Create[]): Promise<readonly PushOutcome[]> {
  const { client, target, writer } = desk;
  const key = await externalIdField(desk);
  const sentAt = new Date(client.ctx.clock.now()).toISOString();
  const written = await write(items, (batch) =>
    key === undefined
      ? writer.create(
          target.type,
          batch.map(({ fields }) => fields),
        )
      : writer.upsert(
          target.type,
          batch.map(({ fields, hubId }) => ({ ...fields, [key]: hubId })),
          key,
        ),
  );
  const { stored, failed, lost } = sorted(written);
  const seen = await lookFor(desk, lost, sentAt);
  const made = stored.map(({ item, answer }) =>
    storedAs(desk, item, { id: answer.id, found: answer.created === false }),
  );
  return [
    ...(await readBack(desk, [...made, ...seen.found])),
    ...seen.outcomes,
    ...(await failureOutcomes(desk, failed)),
  ];
}

export function storedAs(
  desk: Desk,
  item: Create,
  as: { readonly id: string; readonly found: boolean },
): Stored {
  const columns = [
    ...new Map([...desk.columns, ...item.columns].map((column) => [column.property, column])).values(),
  ];
  return { key: item.key, id: as.id, fields: item.fields, sent: item.columns, columns, found: as.found };
}

interface Seen {
  readonly found: readonly Stored[];
  readonly outcomes: readonly PushOutcome[];
}

async function lookFor(
  desk: Desk,
  lost: readonly { readonly item: Create; readonly answer: Lost }[],
  sentAt: string,
): Promise<Seen> {
  if (lost.length === 0) return { found: [], outcomes: [] };
  let ids: ReadonlyMap<string, string>;
  try {
    ids = await findCreated(
      desk,
      lost.map(({ item }) => ({ ...item, uncertainSince: sentAt })),
    );
  } catch {
    return { found: [], outcomes: lost.map(({ item }) => unknown(item.key)) };
  }
  const found: Stored[] = [];
  const outcomes: PushOutcome[] = [];
  for (const { item, answer } of lost) {
    const id = ids.get(item.key);
    if (id !== undefined) found.push(storedAs(desk, item, { id, found: true }));
    else outcomes.push(answer.ended ? answerLost(item.key) : unknown(item.key));
  }
  return { found, outcomes };
}
