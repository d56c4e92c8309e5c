/** Which record stands in the way. Single calls name it; collections often don't, then it is looked up. */
import type { Row } from '../client.js';
import { fullId } from '../api/ids.js';
import type { Failed } from './failures.js';
import { sameText } from '../records/same.js';
import { queriesIn } from '../api/soql.js';
import type { Desk } from './write.js';

export interface Existing {
  readonly id: string;
  /** The property both have alike, where one alone decided. */
  readonly property?: string | undefined;
}

/** By the operation's key; those whose rival can't be told are left out. */
export async function existingOf(
  desk: Desk,
  failed: readonly Failed[],
): Promise<ReadonlyMap<string, Existing>> {
  const found = new Map<string, Existing>();
  for (const one of failed) {
    const named = namedIn(one);
    if (named !== undefined) found.set(one.item.key, named);
  }
  const { email, name } = desk.target;
  for (const property of email === undefined ? [name] : [email, name]) {
    const open = failed.filter(
      ({ item, error }) => !found.has(item.key) && error.code === 'DUPLICATES_DETECTED',
    );
    await lookUp(desk, { open, by: property, found });
  }
  return found;
}

/** `duplicate value found: Code__c duplicates value on record with id: 003...` */
const VALUE_TAKEN = /(?:value found: (\w+) .*)?\bid: ([0-9A-Za-z]{15,18})\b/;

function namedIn({ item, error }: Failed): Existing | undefined {
  for (const id of error.existingIds) {
    const full = fullId(id);
    if (full !== undefined && full !== item.id) return { id: full };
  }
  const [, field, taken] = VALUE_TAKEN.exec(error.message) ?? [];
  const id = fullId(taken ?? '');
  if (id === undefined || id === item.id) return undefined;
  const property = item.columns?.find((column) => column.field.name === field)?.property;
  return { id, ...(property === undefined ? {} : { property }) };
}

async function lookUp(
  desk: Desk,
  search: { readonly open: readonly Failed[]; readonly by: string; readonly found: Map<string, Existing> },
): Promise<void> {
  const { by, found } = search;
  const open = search.open.filter(({ item }) => typeof item.fields?.[by] === 'string');
  if (open.length === 0) return;
  const rows = await candidates(desk, by, open);
  for (const { item } of open) {
    const fields = item.fields ?? {};
    const rival = rows.find(
      (row) =>
        row['Id'] !== item.id &&
        sameText(row[by], fields[by]) &&
        (by !== 'LastName' || sameText(row['FirstName'], fields['FirstName'])),
    );
    if (typeof rival?.['Id'] === 'string') {
      const property =
        by === desk.target.email
          ? item.columns?.find((column) => column.field.name === by)?.property
          : undefined;
      found.set(item.key, { id: rival['Id'], property });
    }
  }
}

async function candidates(desk: Desk, by: string, open: readonly Failed[]): Promise<readonly Row[]> {
  const { client, target } = desk;
  const names = new Set(['Id', by, target.name, ...(target.email === undefined ? [] : ['FirstName'])]);
  const values = open.flatMap(({ item }) => {
    const value = item.fields?.[by];
    return typeof value === 'string' ? [value] : [];
  });
  const rows: Row[] = [];
  try {
    for (const soql of queriesIn(
      `SELECT ${[...names].join(', ')} FROM ${target.type}`,
      (list) => `${by} IN (${list})`,
      values,
    ))
      rows.push(...(await client.queryRows(soql, { all: false })));
  } catch {
    client.ctx.log.warn('salesforce duplicates could not be looked up', { object: target.type });
  }
  return rows;
}
