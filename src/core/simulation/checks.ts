/** The invariants of the design, looked at from outside: systems, ledger and tables of the hub at rest. */
import { survive, type ClaimRef, type FieldChange } from '../survivorship/index.js';
import { FIELDS, isList, keyOf } from './fields.js';
import { sourcesOf } from './hub-resolve.js';
import { recordIn, recordsOfGolden, type Golden, type HubRecord, type Issue } from './hub-store.js';
import { isUndecided } from './placing.js';
import type { ModelSystem, Row, Written } from './model-system.js';
import { resolvedKey, type World } from './world.js';

export type Violation = string;

/** 1. Every live linked record holds the golden value, or what its system makes of it, or an issue says why not. */
export function converged(world: World): Violation[] {
  return eachLive(world).flatMap(({ system, row, record, golden, index }) =>
    FIELDS.flatMap((field): Violation[] => {
      const connection = world.hub.setup.connections[index];
      const direction = connection?.mapping.find((line) => line.field === field)?.direction;
      const held = record.fields[field]?.held ?? null;
      if (keyOf(field, held) !== keyOf(field, row.values[field]))
        return [`${row.id}.${field} is remembered wrongly`];
      const wanted = golden.stored?.fields[field];
      if (wanted === undefined || direction === 'pull') return [];
      if (keyOf(field, wanted) === keyOf(field, row.values[field])) return [];
      const would = system.accepts(row, field, wanted);
      if (would === 'same' || (would === 'refuses' && issueOn(world, record, field) !== undefined)) return [];
      return [`${row.id}.${field} is ${show(row.values[field])}, golden is ${show(wanted)}`];
    }),
  );
}

/** 2. What somebody wrote is golden, or history names rule and winner. */
export function nothingLost(world: World): Violation[] {
  return world.systems.flatMap((system, index) =>
    system.ledger.flatMap((written, place): Violation[] => {
      const later = system.ledger
        .slice(place + 1)
        .some((one) => one.id === written.id && one.field === written.field);
      const record = recordIn(world.hub.store.tables, index, written.id);
      const gone = system.rows.get(written.id)?.gone !== false;
      const connection = world.hub.setup.connections[index];
      // In a field that is only pushed nothing is heard.
      if (connection?.pushOnly.has(written.field)) return [];
      const key = keyOf(written.field, written.value);
      if ((later || gone) && !world.resolved.has(resolvedKey(record?.id ?? '', written.field, key)))
        return [];
      if (record !== undefined && isAccountedFor(world, record, written)) return [];
      return [`${written.id}.${written.field} = ${show(written.value)} is lost`];
    }),
  );
}

function isAccountedFor(world: World, record: HubRecord, written: Written): boolean {
  const { field, value } = written;
  const key = keyOf(field, value);
  const knew = world.seen.some(
    (one) => one.record === record.id && one.field === field && one.key !== null && one.at < written.at,
  );
  // A blank seen the first time says nothing.
  if (key === null && !knew) return true;
  const golden = world.hub.store.tables.golden.get(record.goldenId ?? '');
  const stands = ({ stored }: Golden): boolean => {
    const now = stored?.fields[field] ?? null;
    return keyOf(field, now) === key || (stored?.provenance[field]?.rule === 'union' && isWithin(value, now));
  };
  if (golden !== undefined && stands(golden)) return true;
  const was = (line: FieldChange): boolean =>
    keyOf(field, line.old) === key || (line.rule === 'union' && isWithin(value, line.old));
  return [...world.hub.store.tables.golden.values()].some((one) => {
    // The last word of a customer that was joined with another is kept with it.
    if (one.mergedInto !== null && stands(one)) return true;
    return one.history.some((line) => {
      if (line.field !== field) return false;
      const isNamed = (claim: ClaimRef): boolean =>
        claim.record === record.id && keyOf(field, claim.value) === key;
      if (line.winner === null && line.new !== null) return false;
      return (line.kind === 'changed' && was(line)) || line.losers.some(isNamed);
    });
  });
}

function isWithin(value: Written['value'], whole: Written['value']): boolean {
  if (value === null) return true;
  return isList(value) && isList(whole) && value.every((one) => whole.includes(one));
}

/** 4. Of the records in one system that the hub made, no two stand for one customer. */
export function noDuplicates(world: World): Violation[] {
  return world.systems.flatMap((system) => {
    const made = Map.groupBy(
      system.live().filter((row) => row.hubId !== null),
      (row) => row.hubId ?? '',
    );
    return [...made].flatMap(([hubId, rows]) =>
      rows.length > 1 ? [`${hubId} was made as ${rows.map((row) => row.id).join(' and ')}`] : [],
    );
  });
}

/** 5. Every live record has one customer; every refused write has an issue, every issue a cause; nothing waits. */
export function nothingDropped(world: World): Violation[] {
  const { tables } = world.hub.store;
  const unlinked = world.systems.flatMap((system, index) =>
    system.live().flatMap((row) => {
      const record = recordIn(tables, index, row.id);
      const golden = tables.golden.get(record?.goldenId ?? '');
      return golden?.mergedInto === null ? [] : [`${row.id} has no customer`];
    }),
  );
  const unmade = [...tables.golden.values()].flatMap((golden) => missingRecords(world, golden));
  const stale = [...tables.issues.values()].flatMap((issue) =>
    hasCause(world, issue) ? [] : [`issue without cause: ${JSON.stringify(issue)}`],
  );
  return [...unlinked, ...unmade, ...stale];
}

/** Systems in which a customer should have been made, with no issue to say why it was not. */
function missingRecords(world: World, golden: Golden): Violation[] {
  const { tables } = world.hub.store;
  const records = recordsOfGolden(tables, golden.id);
  if (golden.mergedInto !== null || records.every((record) => record.deleted)) return [];
  return [...world.systems.keys()].flatMap((system) => {
    const told = [...tables.issues.values()].some(
      (issue) => issue.system === system && issue.goldenId === golden.id,
    );
    return told || records.some((record) => record.system === system)
      ? []
      : [`${golden.id} is missing in ${String(system)}`];
  });
}

function hasCause(world: World, issue: Issue): boolean {
  const { field } = issue;
  if (issue.code === 'WAITING_FOR_MATCH')
    return isUndecided(world.hub.store.tables, issue.goldenId, issue.system);
  if (field === null || issue.recordId === null) {
    return !recordsOfGolden(world.hub.store.tables, issue.goldenId).some(
      (record) => record.system === issue.system,
    );
  }
  return eachLive(world).some(({ system, row, record, golden }) => {
    const wanted = golden.stored?.fields[field];
    return (
      record.id === issue.recordId && wanted !== undefined && system.accepts(row, field, wanted) === 'refuses'
    );
  });
}

/** 6. Each golden field names a claim that is there; each claim is what somebody wrote in that very record. */
export function provenance(world: World): Violation[] {
  const { tables } = world.hub.store;
  const claims = [...tables.records.values()].flatMap((record) =>
    Object.entries(record.fields).flatMap(([field, { claim }]): Violation[] => {
      if (claim === undefined) return [];
      const isIt = (one: Written): boolean =>
        one.id === record.externalId &&
        one.field === field &&
        keyOf(field, one.value) === keyOf(field, claim.value);
      if (keyOf(field, claim.value) === null || world.systems[record.system]?.ledger.some(isIt)) return [];
      return [`${record.externalId}.${field} claims ${show(claim.value)}, which nobody wrote there`];
    }),
  );
  const golden = [...tables.golden.values()].flatMap((one) =>
    one.mergedInto === null ? goldenFields(world, one) : [],
  );
  return [...claims, ...golden];
}

function goldenFields(world: World, golden: Golden): Violation[] {
  const { tables } = world.hub.store;
  const records = recordsOfGolden(tables, golden.id);
  const sources = sourcesOf(records, world.hub.setup);
  const again = survive('customer', world.hub.setup.rules, [...sources].reverse());
  const fields = golden.stored?.fields ?? {};
  if (JSON.stringify(Object.keys(again).sort()) !== JSON.stringify(Object.keys(fields).sort())) {
    return [`${golden.id} is not what its claims come to`];
  }
  return Object.entries(again).flatMap(([field, decided]): Violation[] => {
    const from = golden.stored?.provenance[field];
    const claim = tables.records.get(from?.record ?? '')?.fields[field]?.claim;
    const isSame =
      from !== undefined &&
      claim?.at === from.at &&
      from.rule === decided.rule &&
      from.record === decided.winner.record &&
      keyOf(field, fields[field]) === keyOf(field, decided.value) &&
      (from.rule === 'union' || keyOf(field, claim.value) === keyOf(field, fields[field]));
    return isSame ? [] : [`${golden.id}.${field} does not name its claim`];
  });
}

interface Live {
  readonly system: ModelSystem;
  readonly index: number;
  readonly row: Row;
  readonly record: HubRecord;
  readonly golden: Golden;
}

function eachLive(world: World): Live[] {
  const { tables } = world.hub.store;
  return world.systems.flatMap((system, index) =>
    system.live().flatMap((row): Live[] => {
      const record = recordIn(tables, index, row.id);
      const golden = tables.golden.get(record?.goldenId ?? '');
      return record === undefined || golden === undefined ? [] : [{ system, index, row, record, golden }];
    }),
  );
}

function issueOn(world: World, record: HubRecord, field: string): Issue | undefined {
  return [...world.hub.store.tables.issues.values()].find(
    (issue) => issue.recordId === record.id && issue.field === field,
  );
}

function show(value: Written['value'] | undefined): string {
  return JSON.stringify(value ?? null);
}
