/** The org's records: saving by its rules, the recycle bin, merges, and stamps with whole seconds. */
import { fullId } from '../api/ids.js';
import {
  CURRENCIES,
  CURRENCY_FIELD,
  objectDef,
  objectOfId,
  OBJECTS,
  STAGES,
  type ObjectDef,
} from './fields.js';
import { FIRST_ROWS, idFor, USERS } from './first-rows.js';
import { accept, fieldOf } from './save-rules.js';
import { Problem } from './problem.js';
import { ChangeEvents, type Change } from './streaming/change-events.js';
import { stored, wholeSeconds, type Value } from './values.js';

export type StoredRow = Record<string, Value>;
export type Input = Readonly<Record<string, unknown>>;

/** A rule of the org. Duplicate rules compare one field, validation rules refuse what a field may not hold. */
export interface OrgRules {
  readonly duplicates?: readonly {
    readonly type: string;
    readonly field: string;
    readonly onlyWarn?: boolean;
  }[];
  readonly validations?: readonly {
    readonly type: string;
    readonly field: string;
    readonly refuse: RegExp;
    readonly message: string;
  }[];
  /** Flows: when the field of a record is changed, others are set in the same transaction. */
  readonly flows?: readonly { readonly type: string; readonly field: string; readonly set: Input }[];
  /** Types that change data capture is switched on for; all unless told. */
  readonly changeEvents?: readonly string[];
  /** Whether the integration user may empty the recycle bin; yes unless told. */
  readonly mayEmptyBin?: boolean;
  /** API names of fields the integration user may not see. */
  readonly hidden?: readonly string[];
  /** Whether records of money have a currency of their own; no unless told. */
  readonly multiCurrency?: boolean;
}

export interface Writer {
  readonly userId: string;
  /** ms; now unless told. Only a person's edits may lie in the past: a transaction that commits late. */
  readonly at?: number | undefined;
  readonly allowDuplicates?: boolean;
  /** ms; when the transaction is said to have been committed. */
  readonly committed?: number | undefined;
  /** `changeOrigin` of the events it causes. */
  readonly origin?: string;
}

const ROLE = 'OpportunityContactRole';

export class Store {
  private readonly tables = new Map(OBJECTS.map((def) => [def.type, new Map<string, StoredRow>()]));
  readonly events: ChangeEvents;
  private readonly forgotten: { readonly id: string; readonly at: number }[] = [];
  private serial = 0;
  private offset = 0;

  constructor(readonly rules: OrgRules) {
    this.events = new ChangeEvents(() => this.now(), rules.changeEvents);
    for (const { type, row } of FIRST_ROWS) this.put(type, row);
  }

  /** Whether the integration user has no such field. */
  hides(name: string): boolean {
    if (name === CURRENCY_FIELD && this.rules.multiCurrency !== true) return true;
    return this.rules.hidden?.includes(name) === true;
  }

  now(): number {
    return Date.now() + this.offset;
  }

  advance(ms: number): void {
    this.offset += ms;
  }

  rows(type: string): ReadonlyMap<string, StoredRow> {
    const table = this.tables.get(type);
    if (table === undefined)
      throw new Problem(400, 'INVALID_TYPE', `sObject type '${type}' is not supported.`);
    return table;
  }

  find(id: string): StoredRow | undefined {
    const def = objectOfId(id);
    return def && this.tables.get(def.type)?.get(id);
  }

  /** A row as it is, without rules: for seeding. Stamps default to now. */
  load(type: string, fields: Input): string {
    const def = known(type);
    const values = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        fieldOf(def, name).name,
        stored(fieldOf(def, name), value),
      ]),
    );
    const at = values['SystemModstamp'] ?? values['LastModifiedDate'] ?? wholeSeconds(this.now());
    const stamps = { CreatedDate: at, LastModifiedDate: at, SystemModstamp: at };
    const by = { OwnerId: USERS.rep, CreatedById: USERS.rep, LastModifiedById: USERS.rep };
    const own = { ...stamps, ...by, ...this.defaults(type) };
    return this.put(type, { Id: idFor(def.prefix, ++this.serial), ...own, ...values });
  }

  create(type: string, input: Input, writer: Writer): string {
    const def = known(type);
    const values = accept(this, def, { row: undefined, input, writer });
    const at = wholeSeconds(writer.at ?? this.now());
    const by = { OwnerId: writer.userId, CreatedById: writer.userId, LastModifiedById: writer.userId };
    const id = this.put(type, {
      Id: idFor(def.prefix, ++this.serial),
      CreatedDate: at,
      LastModifiedDate: at,
      SystemModstamp: at,
      ...by,
      ...this.defaults(type),
      ...values,
    });
    this.tell('CREATE', this.live(def, id), { writer });
    return id;
  }

  update(type: string, id: string, change: { readonly input: Input; readonly writer: Writer }): string {
    const def = known(type);
    const row = this.live(def, id);
    if (row['IsConverted'] === true)
      throw new Problem(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
    const values = { ...accept(this, def, { row, ...change }), ...this.flow(def, row, change.input) };
    const changed = Object.keys(values).filter((name) => values[name] !== row[name]);
    Object.assign(row, values);
    followStage(type, row);
    this.touch(row, change.writer);
    this.tell('UPDATE', row, { writer: change.writer, changed });
    return String(row['Id']);
  }

  remove(type: string, id: string, writer: Writer): string {
    const row = this.live(known(type), id);
    if (type === ROLE) return this.forget(row);
    row['IsDeleted'] = true;
    this.touch(row, writer);
    for (const role of [...this.rows(ROLE).values()])
      if (role['ContactId'] === row['Id'] || role['OpportunityId'] === row['Id']) this.forget(role);
    // Links to it are blanked, and their records' stamps stay as they are.
    for (const table of this.tables.values())
      for (const other of table.values()) if (other['AccountId'] === row['Id']) other['AccountId'] = null;
    this.tell('DELETE', row, { writer });
    return String(row['Id']);
  }

  private defaults(type: string): StoredRow {
    const inCurrency = this.rules.multiCurrency === true && type === 'Opportunity';
    return inCurrency ? { [CURRENCY_FIELD]: CURRENCIES[0] } : {};
  }

  /** Out of the recycle bin, for good. */
  purge(id: string): void {
    const row = this.find(id);
    if (row?.['IsDeleted'] !== true)
      throw new Problem(400, 'INVALID_ID_FIELD', 'the record is not in the recycle bin');
    if (this.rules.mayEmptyBin === false)
      throw new Problem(400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'no access to the recycle bin');
    this.tables.get(known(objectOfId(id)?.type ?? '').type)?.delete(String(row['Id']));
  }

  undelete(id: string, writer: Writer): void {
    const row = this.find(id);
    if (row?.['IsDeleted'] !== true)
      throw new Problem(400, 'UNDELETE_FAILED', 'Entity is not in the recycle bin');
    Object.assign(row, { IsDeleted: false, MasterRecordId: null });
    this.touch(row, writer);
    this.tell('UNDELETE', row, { writer });
  }

  merge(master: string, losers: readonly string[], writer: Writer): void {
    const { type } = known(objectOfId(master)?.type ?? '');
    for (const id of losers) {
      this.moveChildren(type, id, master);
      this.remove(type, id, writer);
      Object.assign(this.find(id) ?? {}, { MasterRecordId: master });
    }
    const row = this.live(known(type), master);
    this.touch(row, writer);
    this.tell('UPDATE', row, { writer });
  }

  /** Makes the contact; the lead stays, converted. */
  convertLead(id: string, writer: Writer): string {
    const lead = this.live(known('Lead'), id);
    const copied = ['FirstName', 'LastName', 'Email', 'Phone', 'MobilePhone', 'Title'];
    const contact = this.create(
      'Contact',
      Object.fromEntries(copied.map((name) => [name, lead[name] ?? null])),
      writer,
    );
    Object.assign(lead, { IsConverted: true, ConvertedContactId: contact });
    this.touch(lead, writer);
    this.tell('UPDATE', lead, { writer, changed: ['IsConverted', 'ConvertedContactId'] });
    return contact;
  }

  /** When records of a type were deleted that leave nothing else behind, ms. */
  deletions(type: string): readonly { readonly id: string; readonly at: number }[] {
    return type === ROLE ? this.forgotten : [];
  }

  /** A contact role that is deleted is gone; only its id is told. */
  private forget(row: StoredRow): string {
    const id = String(row['Id']);
    this.tables.get(ROLE)?.delete(id);
    this.forgotten.push({ id, at: this.now() });
    return id;
  }

  /** What hung on a record that is merged away hangs on the one that stays; nobody's stamp moves. */
  private moveChildren(type: string, from: string, to: string): void {
    const name = type === 'Account' ? 'AccountId' : type === 'Contact' ? 'ContactId' : undefined;
    if (name === undefined) return;
    for (const table of this.tables.values())
      for (const row of table.values()) if (row[name] === from) row[name] = to;
  }

  private live(def: ObjectDef, given: string): StoredRow {
    const id = fullId(given);
    if (id?.startsWith(def.prefix) !== true)
      throw new Problem(400, 'MALFORMED_ID', `malformed id ${given}`, { fields: ['Id'] });
    const row = this.find(id);
    if (row === undefined)
      throw new Problem(404, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    if (row['IsDeleted'] === true) throw new Problem(404, 'ENTITY_IS_DELETED', 'entity is deleted');
    return row;
  }

  private put(type: string, values: StoredRow): string {
    const row: StoredRow = { IsDeleted: false, ...values };
    for (const field of known(type).fields.values())
      row[field.name] ??= field.type === 'boolean' ? false : null;
    followStage(type, row);
    this.tables.get(type)?.set(String(row['Id']), row);
    return String(row['Id']);
  }

  private flow(def: ObjectDef, row: StoredRow, input: Input): StoredRow {
    const set = (this.rules.flows ?? [])
      .filter(({ type, field }) => type === def.type && field in input && input[field] !== row[field])
      .map((flow) => flow.set);
    return Object.fromEntries(
      set.flatMap((fields) =>
        Object.entries(fields).map(([name, value]) => [name, stored(fieldOf(def, name), value)]),
      ),
    );
  }

  /** A copy of the row goes with it: events of one transaction are put together at its end. */
  private tell(
    kind: Change['kind'],
    row: StoredRow,
    { writer, changed = [] }: { readonly writer: Writer; readonly changed?: readonly string[] },
  ): void {
    const type = objectOfId(String(row['Id']))?.type ?? '';
    this.events.add({ type, row: { ...row }, kind, changed, writer });
  }

  private touch(row: StoredRow, writer: Writer): void {
    const at = wholeSeconds(writer.at ?? this.now());
    Object.assign(row, { LastModifiedDate: at, SystemModstamp: at, LastModifiedById: writer.userId });
  }
}

/** Closed and won follow the stage. */
function followStage(type: string, row: StoredRow): void {
  if (type !== 'Opportunity') return;
  const stage = STAGES.find(({ name }) => name === row['StageName']);
  Object.assign(row, { IsClosed: stage?.closed ?? false, IsWon: stage?.won ?? false });
}

function known(type: string): ObjectDef {
  const def = objectDef(type);
  if (def === undefined) throw new Problem(400, 'INVALID_TYPE', `sObject type '${type}' is not supported.`);
  return def;
}
