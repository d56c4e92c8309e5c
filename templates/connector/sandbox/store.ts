/** The records of a small CRM: it refuses what it does not take, and stamps each change later than all before. */

export type ObjectName = 'company' | 'person';
export type Values = Record<string, unknown>;

export interface Row {
  readonly id: string;
  /** ms since 1970. */
  changedAt: number;
  deleted: boolean;
  mergedInto: string | null;
  values: Values;
  /** The hub's id, of those it made. */
  readonly ref: string | null;
}

export interface Property {
  readonly name: string;
  readonly title: string;
  readonly type: 'text' | 'choice' | 'email' | 'link';
  readonly maxLength: number | null;
  readonly options: readonly string[];
  readonly required: boolean;
  readonly unique: boolean;
  readonly custom: boolean;
}

export interface Change {
  readonly object: ObjectName;
  readonly id: string;
  readonly kind: 'changed' | 'deleted' | 'merged';
  readonly at: number;
  /** Who wrote by the API; null for a user. */
  readonly client: string | null;
}

/** What the API answers with instead of doing what it was asked. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: object,
  ) {
    super(`refused with ${String(status)}`);
  }
}

export class Store {
  private readonly rows: Readonly<Record<ObjectName, Map<string, Row>>> = {
    company: new Map(),
    person: new Map(),
  };
  private readonly schema: Readonly<Record<ObjectName, Property[]>> = {
    company: [property('name', { required: true }), property('note', { maxLength: 500 })],
    person: [
      property('name', { required: true }),
      property('mail', { type: 'email', unique: true }),
      property('note', { maxLength: 500 }),
      property('stage', { type: 'choice', options: ['lead', 'customer'] }),
      property('company', { type: 'link', maxLength: null }),
    ],
  };
  private readonly links: { readonly object: ObjectName; readonly id: string }[] = [];
  /** Who writes by the API just now. */
  private client: string | null = null;
  private lastStamp = 0;
  private lastId = 0;

  constructor(private readonly onChange: (change: Change) => void) {}

  /** What is done within is the work of a program. */
  as<T>(client: string | null, work: () => T): T {
    this.client = client;
    try {
      return work();
    } finally {
      this.client = null;
    }
  }

  properties(object: ObjectName): readonly Property[] {
    return this.schema[object];
  }

  addProperty(object: ObjectName, name: string): void {
    this.schema[object].push(property(name, { custom: true }));
  }

  live(object: ObjectName): readonly Row[] {
    return [...this.rows[object].values()].filter(({ deleted }) => !deleted);
  }

  find(object: ObjectName, id: string): Row | undefined {
    return this.rows[object].get(id);
  }

  findByRef(object: ObjectName, ref: string): Row | undefined {
    return this.live(object).find((row) => row.ref === ref);
  }

  /** Rows behind a time and an id, deleted ones too. */
  changes(object: ObjectName, since: number, id: string): readonly Row[] {
    return [...this.rows[object].values()]
      .filter((row) => row.changedAt > since || (row.changedAt === since && row.id > id))
      .sort((a, b) => a.changedAt - b.changedAt || (a.id < b.id ? -1 : 1));
  }

  /** Changes of links since one, by number from 1 on. */
  linkChanges(
    object: ObjectName,
    after: number,
  ): readonly { readonly number: number; readonly id: string }[] {
    return this.links
      .map((change, index) => ({ ...change, number: index + 1 }))
      .filter((change) => change.object === object && change.number > after);
  }

  get lastLink(): number {
    return this.links.length;
  }

  create(
    object: ObjectName,
    values: Values,
    options: { readonly at?: number; readonly ref?: string } = {},
  ): Row {
    const accepted = this.accept(object, values, undefined);
    this.lastId += 1;
    const row: Row = {
      id: `${object}-${String(this.lastId).padStart(6, '0')}`,
      changedAt: this.stamp(options.at),
      deleted: false,
      mergedInto: null,
      values: accepted,
      ref: options.ref ?? null,
    };
    if (accepted['name'] == null) throw new Refusal(422, { property: 'name', reason: 'must not be blank' });
    this.rows[object].set(row.id, row);
    this.tell(object, row, 'changed');
    return row;
  }

  /** A change of nothing but links leaves the time of the record as it is. */
  update(object: ObjectName, id: string, values: Values): Row {
    const row = this.standing(object, id);
    const accepted = this.accept(object, values, id);
    const onlyLinks = Object.keys(accepted).every((name) => this.typeOf(object, name) === 'link');
    row.values = { ...row.values, ...accepted };
    if ('company' in accepted) this.links.push({ object, id });
    if (!onlyLinks) row.changedAt = this.stamp();
    this.tell(object, row, 'changed');
    return row;
  }

  remove(object: ObjectName, id: string): void {
    const row = this.standing(object, id);
    row.deleted = true;
    row.changedAt = this.stamp();
    this.tell(object, row, 'deleted');
  }

  restore(object: ObjectName, id: string): void {
    const row = this.rows[object].get(id);
    if (row === undefined) throw new Refusal(404, {});
    Object.assign(row, { deleted: false, mergedInto: null, changedAt: this.stamp() });
    this.tell(object, row, 'changed');
  }

  merge(object: ObjectName, winner: string, loser: string): string {
    const gone = this.standing(object, loser);
    const standing = this.standing(object, winner);
    Object.assign(gone, { deleted: true, mergedInto: winner, changedAt: this.stamp() });
    standing.values = { ...gone.values, ...withoutBlanks(standing.values) };
    standing.changedAt = this.stamp();
    this.tell(object, gone, 'merged');
    return winner;
  }

  /** What no user could do: a value that is none. */
  damage(object: ObjectName, id: string): void {
    const row = this.standing(object, id);
    row.values = { ...row.values, note: { broken: true } };
    row.changedAt = this.stamp();
  }

  private standing(object: ObjectName, id: string): Row {
    const row = this.rows[object].get(id);
    if (row === undefined) throw new Refusal(404, {});
    if (row.deleted) throw new Refusal(410, { mergedInto: row.mergedInto });
    return row;
  }

  private accept(object: ObjectName, values: Values, id: string | undefined): Values {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const definition = this.schema[object].find((one) => one.name === name);
        if (definition === undefined) throw refused(name, 'there is no such property');
        return [name, this.stored(object, definition, { value, id })];
      }),
    );
  }

  private stored(
    object: ObjectName,
    { name, type, maxLength, options, required, unique }: Property,
    { value, id }: { readonly value: unknown; readonly id: string | undefined },
  ): string | null {
    if (value === null || value === '') {
      if (required) throw refused(name, 'must not be blank');
      return null;
    }
    if (typeof value !== 'string') throw refused(name, 'must be text');
    if (maxLength !== null && value.length > maxLength) throw refused(name, 'is too long');
    if (type === 'choice' && !options.includes(value)) throw refused(name, 'is no option');
    if (type === 'link' && this.rows.company.get(value)?.deleted !== false)
      throw refused(name, 'is no company');
    const text = type === 'email' ? value.trim().toLowerCase() : value.trim();
    const other = unique
      ? this.live(object).find((row) => row.values[name] === text && row.id !== id)
      : undefined;
    if (other !== undefined) throw new Refusal(409, { property: name, existingId: other.id });
    return text;
  }

  private typeOf(object: ObjectName, name: string): Property['type'] | undefined {
    return this.schema[object].find((one) => one.name === name)?.type;
  }

  private stamp(at = Math.max(Date.now(), this.lastStamp + 1)): number {
    this.lastStamp = Math.max(this.lastStamp, at);
    return at;
  }

  private tell(object: ObjectName, { id }: Row, kind: Change['kind']): void {
    this.onChange({ object, id, kind, at: Date.now(), client: this.client });
  }
}

function refused(property: string, reason: string): Refusal {
  return new Refusal(422, { property, reason });
}

function withoutBlanks(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function property(name: string, facts: Partial<Property>): Property {
  const plain = { options: [], required: false, unique: false, custom: false, maxLength: 200 };
  return { name, title: name, type: 'text', ...plain, ...facts };
}
