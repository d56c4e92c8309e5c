import type { World, Written } from '../world.js';
import { goldenKey, keyIn, show } from './values.js';
import {
  indexRecords,
  placeOf,
  type Behind,
  type Golden,
  type Snapshot,
  type Violation,
} from './snapshot.js';

const CHECK = 'no lost update';

/**
 * Each value that a user wrote, and did not overwrite or delete, is golden, or stands in the history as overridden,
 * with the winner named.
 */
export function nothingLost(snapshot: Snapshot, world: World): readonly Violation[] {
  const index = indexRecords(snapshot);
  const aliases = new Map(snapshot.golden.flatMap(({ id, aliases: old }) => old.map((one) => [one, id])));
  return world.standing().flatMap((written): Violation[] => {
    const behind = index.get(placeOf(written));
    const what = `${written.system} ${written.id} ${written.field} = ${show(written.value)}`;
    if (behind === undefined) return [{ check: CHECK, what: `${what}: the hub does not know the record` }];
    if (isAccountedFor(written, behind, { index, aliases })) return [];
    const { golden } = behind;
    const now = golden.fields.find(({ field }) => field === written.field)?.value;
    const lines = golden.history
      .filter(({ field }) => field === written.field)
      .map(
        (line) =>
          `${line.kind} ${show(line.old)} -> ${show(line.new)} by ${line.winner?.connection ?? 'nobody'}`,
      );
    return [
      { check: CHECK, what: `${what}; golden ${golden.id} says ${show(now)}; history: ${lines.join('; ')}` },
    ];
  });
}

function isAccountedFor(
  written: Written,
  { golden, record }: Behind,
  known: { readonly index: ReadonlyMap<string, Behind>; readonly aliases: ReadonlyMap<string, string> },
): boolean {
  const { entity, field, system } = written;
  const key = keyIn(known.index, { system, entity, field }, written.value);
  const keyOf = (value: Golden['fields'][number]['value']): string | null =>
    goldenKey(known.aliases, { entity, field }, value);
  const now = golden.fields.find((one) => one.field === field)?.value ?? null;
  if (keyOf(now) === key) return true;
  // A blank seen the first time says nothing.
  const claim = record.fields.find((one) => one.field === field)?.claim ?? null;
  if (key === null && claim === null) return true;
  return golden.history.some((line) => {
    if (line.field !== field || (line.winner === null && line.new !== null)) return false;
    if (line.kind === 'changed' && keyOf(line.old) === key) return true;
    return line.losers.some((loser) => loser.externalId === written.id && keyOf(loser.value) === key);
  });
}
