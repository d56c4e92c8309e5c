import type { JsonValue } from '../../src/sdk/index.js';
import { goldenKey, keyIn, show } from './values.js';
import {
  indexRecords,
  placeOf,
  type Behind,
  type Golden,
  type Snapshot,
  type Violation,
} from './snapshot.js';

const CHECK = 'records agree';

interface Held {
  readonly system: string;
  readonly id: string;
  readonly value: JsonValue;
  readonly key: string | null;
}

/**
 * Every record is known, and holds on every field that its system is written in what the golden record says and what
 * the other systems hold, unless an issue tells of it. Compared as the hub compares: +1 415 is (415).
 */
export function recordsAgree(snapshot: Snapshot): readonly Violation[] {
  const index = indexRecords(snapshot);
  const aliases = new Map(snapshot.golden.flatMap(({ id, aliases: old }) => old.map((one) => [one, id])));
  return [
    ...unknownRecords(snapshot, index),
    ...snapshot.golden.flatMap((golden) => differences(golden, snapshot, index, aliases)),
  ];
}

function unknownRecords(snapshot: Snapshot, index: ReadonlyMap<string, Behind>): readonly Violation[] {
  return snapshot.systems.flatMap(({ name, records }) =>
    records.flatMap(({ entity, id, values }): Violation[] => {
      const state = index.get(placeOf({ system: name, entity, id }))?.record.state;
      if (state === 'live') return [];
      const name_ = show(values['familyName'] ?? values['name']);
      return [
        { check: CHECK, what: `${name} ${entity} ${id} (${name_}) is ${state ?? 'unknown'} to the hub` },
      ];
    }),
  );
}

function differences(
  golden: Golden,
  snapshot: Snapshot,
  index: ReadonlyMap<string, Behind>,
  aliases: ReadonlyMap<string, string>,
): readonly Violation[] {
  const { entity } = golden;
  const fields = new Set(snapshot.systems.flatMap((system) => system.fields[entity]));
  return [...fields].flatMap((field): Violation[] => {
    const held = snapshot.systems.flatMap((system): Held[] => {
      if (!system.fields[entity].includes(field)) return [];
      const own = golden.records.filter(
        ({ connection, state }) => connection === system.name && state === 'live',
      );
      return own.flatMap(({ externalId }) => {
        const record = system.records.find((one) => one.entity === entity && one.id === externalId);
        if (record === undefined) return [];
        const value = record.values[field] ?? null;
        return [
          {
            system: system.name,
            id: externalId,
            value,
            key: keyIn(index, { system: system.name, entity, field }, value),
          },
        ];
      });
    });
    const said = golden.fields.find((one) => one.field === field);
    const wanted = said === undefined ? held[0]?.key : goldenKey(aliases, { entity, field }, said.value);
    const other = held.filter(
      (one) =>
        one.key !== wanted && !snapshot.issues.some((issue) => tellsOf(issue, golden, { ...one, field })),
    );
    if (other.length === 0) return [];
    const shown = held.map((one) => `${one.system} ${one.id} ${show(one.value)}`).join(', ');
    return [
      {
        check: CHECK,
        what: `${golden.title} (${golden.id}) ${field}: golden ${show(said?.value)}; ${shown}`,
      },
    ];
  });
}

function tellsOf(
  issue: Snapshot['issues'][number],
  golden: Golden,
  held: { readonly system: string; readonly id: string; readonly field: string },
): boolean {
  if (issue.connection !== held.system) return false;
  if (issue.field !== null && issue.field !== held.field) return false;
  return issue.externalId === null ? issue.customerId === golden.id : issue.externalId === held.id;
}
