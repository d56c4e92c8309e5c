/**
 * What HubSpot changes by itself when it takes a write: a deal that is closed gets a new close date. That is nobody's
 * word, so the answer of the push must tell it.
 */
import type { JsonValue, UpdateOperation } from '../../src/sdk/index.js';
import { readBatches } from './batch-read.js';
import { decodeIn } from './deal-values.js';
import { CLOSE_DATE, STAGE } from './objects.js';
import type { Write } from './prepare.js';
import type { Session } from './session.js';

/** Times of one write differ by what HubSpot takes to carry it out. */
const SAME_WRITE_MS = 5_000;

/** By record: properties that were not written and yet changed with the write. */
export async function sideEffects(
  session: Session,
  writes: readonly Write<UpdateOperation>[],
): Promise<ReadonlyMap<string, Readonly<Record<string, JsonValue>>>> {
  const definition = session.definitions.get(CLOSE_DATE);
  const closing = writes.filter(({ properties }) => isClosing(session, properties));
  if (definition === undefined || closing.length === 0) return new Map();
  const records = await readBatches(
    session,
    closing.map(({ operation }) => operation.id),
    { properties: [CLOSE_DATE], history: [CLOSE_DATE, STAGE] },
  );
  return new Map(
    records.flatMap((record) => {
      const [closed, moved] = [CLOSE_DATE, STAGE].map((name) =>
        Date.parse(record.history[name]?.[0]?.at ?? ''),
      );
      const value = decodeIn(session, definition, record.properties[CLOSE_DATE] ?? null);
      const together = Math.abs((closed ?? NaN) - (moved ?? NaN)) <= SAME_WRITE_MS;
      return together && value !== undefined ? [[record.id, { [CLOSE_DATE]: value }] as const] : [];
    }),
  );
}

function isClosing({ facts, pipelines }: Session, properties: Readonly<Record<string, string>>): boolean {
  if (facts.object !== 'deal' || CLOSE_DATE in properties) return false;
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  return stages.some(({ id, closed }) => id === properties[STAGE] && closed !== null);
}
