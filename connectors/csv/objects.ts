import type { FieldMapping, ObjectDeclaration } from '../../src/sdk/index.js';
import type { Settings } from './config.js';

const TITLES = { customer: 'Customers', account: 'Accounts' } as const;

/** One object, named for what a row stands for; the settings are its mapping. */
export function objectsOf(settings: Settings): readonly ObjectDeclaration[] {
  return [
    {
      object: settings.object,
      title: TITLES[settings.object],
      entity: settings.object,
      mapping: mappingOf(settings),
      requiredToCreate: [],
      creatable: false,
      batch: { read: 1000, push: 1 },
    },
  ];
}

function mappingOf(settings: Settings): readonly FieldMapping[] {
  return Object.entries(settings.columns).flatMap(([property, fields]) =>
    [fields].flat().map((field): FieldMapping => ({ field, property, direction: 'pull' })),
  );
}

/** Canonical fields that hold several values. */
const LISTS: ReadonlySet<string> = new Set(['tags', 'emails', 'phones', 'domains']);
const DATES: ReadonlySet<string> = new Set(['birthday', 'consent.at']);

/** How the cells of a column are read. */
export function cellKind(settings: Settings, column: string): 'list' | 'date' | 'text' {
  const fields = Object.hasOwn(settings.columns, column) ? [settings.columns[column] ?? []].flat() : [];
  if (fields.some((field) => LISTS.has(field))) return 'list';
  return fields.some((field) => DATES.has(field)) ? 'date' : 'text';
}

export function idColumnsOf(settings: Settings): readonly string[] {
  return settings.idColumns ?? (settings.idColumn === undefined ? [] : [settings.idColumn]);
}
