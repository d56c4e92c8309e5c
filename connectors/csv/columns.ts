import { nearest } from '../../src/sdk/nearest.js';
import type { Settings } from './config.js';
import { doubleColumn, missingColumn } from './errors.js';
import { idColumnsOf } from './objects.js';

/** Positions of the columns in use, by name. */
export type Columns = ReadonlyMap<string, number>;

/** Finds every column the settings and the mapping name; throws at the first that is not there. */
export function findColumns(
  header: readonly string[],
  settings: Settings,
  properties: readonly string[],
): Columns {
  const wanted = new Map<string, string>();
  for (const name of properties) wanted.set(name, 'mapping');
  for (const name of Object.keys(settings.where)) wanted.set(name, 'where');
  for (const name of Object.keys(settings.columns)) wanted.set(name, 'columns');
  if (settings.modifiedColumn !== undefined) wanted.set(settings.modifiedColumn, 'modifiedColumn');
  const idSetting = settings.idColumn === undefined ? 'idColumns' : 'idColumn';
  for (const name of idColumnsOf(settings)) wanted.set(name, idSetting);
  return new Map([...wanted].map(([name, setting]) => [name, positionOf(header, name, setting)]));
}

function positionOf(header: readonly string[], name: string, setting: string): number {
  const position = header.indexOf(name);
  if (position < 0) {
    const near = nearest(name, header);
    throw missingColumn(
      setting,
      name,
      near === undefined ? `It has: ${listed(header)}.` : `Did you mean "${near}"?`,
    );
  }
  if (header.includes(name, position + 1)) throw doubleColumn(name);
  return position;
}

function listed(header: readonly string[]): string {
  const names = header.filter((name) => name !== '').slice(0, 20);
  return names.join(', ').slice(0, 400) + (header.length > names.length ? ', …' : '');
}
