/** The body of a change event, with compound fields nested (Change Data Capture Developer Guide). */
import type { ObjectDef } from '../fields.js';
import type { StoredRow } from '../store.js';
import { shown } from '../values.js';

const NAME_PARTS = new Set(['Salutation', 'FirstName', 'LastName']);
const ADDRESS_PART = /^(Mailing|Billing)?(Street|City|State|PostalCode|Country)$/;
/** An event has no field for them. */
const ABSENT = new Set(['Id', 'IsDeleted', 'SystemModstamp']);

/** `MailingCity` as `['MailingAddress', 'City']`; a field of its own as itself alone. */
export function pathOf(def: ObjectDef, name: string): readonly [string] | readonly [string, string] {
  if (def.type !== 'Account' && NAME_PARTS.has(name)) return ['Name', name];
  const [, prefix = '', part] = ADDRESS_PART.exec(name) ?? [];
  return part === undefined ? [name] : [`${prefix}Address`, part];
}

export function bodyOf(def: ObjectDef, row: StoredRow, names: readonly string[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const name of names) {
    const field = def.fields.get(name.toLowerCase());
    if (field === undefined || ABSENT.has(field.name)) continue;
    const value = shown(field, row[field.name]);
    const [first, part] = pathOf(def, field.name);
    if (part === undefined) body[first] = value;
    else body[first] = { ...(body[first] as object | undefined), [part]: value };
  }
  return body;
}
