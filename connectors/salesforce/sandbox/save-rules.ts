/** What a record must be like to be saved: the platform's rules, then the org's own. */
import type { FieldDef, ObjectDef } from './fields.js';
import { Problem } from './problem.js';
import type { Input, Store, StoredRow, Writer } from './store.js';
import { stored, type Value } from './values.js';

interface Save {
  /** Undefined when it is to be made. */
  readonly row: StoredRow | undefined;
  readonly input: Input;
  readonly writer: Writer;
}

/** The values as they will be stored. */
export function accept(store: Store, def: ObjectDef, save: Save): StoredRow {
  const values: StoredRow = {};
  for (const [name, value] of Object.entries(save.input)) {
    if (name === 'attributes' || name.toLowerCase() === 'id') continue;
    const field = fieldOf(def, name);
    if (store.hides(field.name)) throw noColumn(def, name);
    if (!field.writable)
      throw new Problem(
        400,
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${field.name}.`,
        { fields: [field.name] },
      );
    values[field.name] = stored(field, value);
  }
  required(def, save.row, values);
  references(store, def, values);
  uniqueness(store, def, { ...save, values });
  validations(store, def, { ...save, values });
  duplicates(store, def, { ...save, values });
  return values;
}

interface Checked extends Save {
  readonly values: StoredRow;
}

function required(def: ObjectDef, row: StoredRow | undefined, values: StoredRow): void {
  const missing = [...def.fields.values()].filter((field) => {
    if (!field.required) return false;
    return row === undefined ? (values[field.name] ?? null) === null : values[field.name] === null;
  });
  const names = missing.map((field) => field.name);
  if (names.length > 0)
    throw new Problem(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, {
      fields: names,
    });
}

function references(store: Store, def: ObjectDef, values: StoredRow): void {
  for (const [name, value] of Object.entries(values)) {
    if (fieldOf(def, name).type !== 'reference' || value === null) continue;
    const target = store.find(String(value));
    if (target === undefined)
      throw new Problem(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    if (target['IsDeleted'] === true) throw new Problem(400, 'ENTITY_IS_DELETED', 'entity is deleted');
  }
}

function uniqueness(store: Store, def: ObjectDef, { row, values }: Checked): void {
  for (const field of def.fields.values()) {
    const value = values[field.name] ?? null;
    if (!field.unique || value === null) continue;
    const other = like(store, def, { row, name: field.name, value })[0];
    if (other !== undefined) {
      const id = String(other['Id']).slice(0, 15);
      const message = `duplicate value found: ${field.name} duplicates value on record with id: ${id}`;
      throw new Problem(400, 'DUPLICATE_VALUE', message);
    }
  }
}

function validations(store: Store, def: ObjectDef, { row, values }: Checked): void {
  for (const rule of store.rules.validations ?? []) {
    const value = values[rule.field] ?? row?.[rule.field];
    if (rule.type === def.type && typeof value === 'string' && rule.refuse.test(value))
      throw new Problem(400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, { fields: [rule.field] });
  }
}

function duplicates(store: Store, def: ObjectDef, { row, values, writer }: Checked): void {
  for (const rule of store.rules.duplicates ?? []) {
    const value = values[rule.field] ?? null;
    const passes = rule.onlyWarn === true && writer.allowDuplicates === true;
    if (rule.type !== def.type || value === null || passes) continue;
    const others = like(store, def, { row, name: rule.field, value });
    if (others.length > 0)
      throw new Problem(400, 'DUPLICATES_DETECTED', 'Use one of these records?', duplicateResult(others));
  }
}

/** The misspelt key is what the REST API sends. */
function duplicateResult(others: readonly StoredRow[]): { readonly duplicateResut: unknown } {
  const matchRecords = others.map((row) => ({ record: { Id: row['Id'] } }));
  return { duplicateResut: { matchResults: [{ matchRecords, size: matchRecords.length, success: true }] } };
}

function like(
  store: Store,
  def: ObjectDef,
  by: { readonly row: StoredRow | undefined; readonly name: string; readonly value: Value },
): readonly StoredRow[] {
  const wanted = String(by.value).toLowerCase();
  return [...store.rows(def.type).values()].filter(
    (other) =>
      other !== by.row &&
      other['IsDeleted'] !== true &&
      String(other[by.name] ?? '').toLowerCase() === wanted,
  );
}

export function fieldOf(def: ObjectDef, name: string): FieldDef {
  const field = def.fields.get(name.toLowerCase());
  if (field === undefined) throw noColumn(def, name);
  return field;
}

export function noColumn(def: ObjectDef, name: string): Problem {
  return new Problem(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${def.type}`);
}
