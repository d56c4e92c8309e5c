/** The portal's records, with property history, and the search index that lags behind them. */
import { conflict, invalid, invalidProperties, notFound } from './answers.js';
import {
  customDefinition,
  freshSchema,
  LIFECYCLE,
  MODIFIED,
  type Definition,
  type NewDefinition,
  type SandboxObject,
} from './schema.js';
import { UniqueValues } from './unique.js';
import { checkedValues } from './values.js';

export interface HistoryEntry {
  readonly value: string;
  readonly at: number;
  readonly source: string;
}

export interface StoredRecord {
  readonly object: SandboxObject;
  readonly id: string;
  properties: Readonly<Record<string, string>>;
  readonly history: Map<string, HistoryEntry[]>;
  readonly createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
  /** Contacts: association types by company id; 1 is the primary company. */
  readonly companies: Map<string, Set<number>>;
  readonly merged: { readonly id: string; readonly at: number }[];
  /** As search sees it; null while it does not. */
  indexed: { readonly properties: Readonly<Record<string, string>>; readonly updatedAt: number } | null;
}

/** What happened, for webhooks. */
export interface Change {
  readonly kind:
    | 'creation'
    | 'propertyChange'
    | 'deletion'
    | 'restore'
    | 'merge'
    | 'privacyDeletion'
    | 'associationChange';
  readonly object: SandboxObject;
  readonly id: string;
  readonly at: number;
  readonly source: string;
  readonly property?: string;
  readonly value?: string;
  readonly primaryId?: string;
  readonly mergedIds?: readonly string[];
  readonly companyId?: string;
  readonly removed?: boolean;
}

export interface Write {
  readonly at?: number;
  /** `CRM_UI` for a person, `INTEGRATION` for the API. */
  readonly source: string;
}

export const OWNERS = [
  { id: '70000001', email: 'ada.owner@portal.example', firstName: 'Ada', lastName: 'Owner', archived: false },
  { id: '70000002', email: 'ben.owner@portal.example', firstName: 'Ben', lastName: 'Owner', archived: false },
  {
    id: '70000003',
    email: 'gone.owner@portal.example',
    firstName: 'Gone',
    lastName: 'Owner',
    archived: true,
  },
] as const;

/** Past 32 bits, as those of large portals are; a contact and a company may share one. */
const FIRST_ID = 51_000_000_001;

export class Store {
  readonly definitions = freshSchema();
  readonly records: Readonly<Record<SandboxObject, Map<string, StoredRecord>>> = {
    contacts: new Map(),
    companies: new Map(),
  };
  /** Ids that were merged away, with what they lead to. */
  private readonly aliases: Readonly<Record<SandboxObject, Map<string, string>>> = {
    contacts: new Map(),
    companies: new Map(),
  };
  private readonly unique = new UniqueValues();
  private readonly nextId = { contacts: FIRST_ID, companies: FIRST_ID };
  private readonly lagging: { readonly due: number; readonly record: StoredRecord }[] = [];
  private readonly ownerIds = new Set<string>(
    OWNERS.filter((owner) => !owner.archived).map((owner) => owner.id),
  );

  constructor(
    private readonly options: { readonly now: () => number; readonly searchDelayMs: number },
    private readonly emit: (change: Change) => void,
  ) {}

  now(): number {
    return this.options.now();
  }

  define(object: SandboxObject, given: NewDefinition): Definition {
    const definition = customDefinition(given);
    this.definitions[object].set(definition.name, definition);
    if (definition.hasUniqueValue) this.unique.define(object, definition.name);
    return definition;
  }

  /** A record by its own id or one merged into it. */
  byId(object: SandboxObject, id: string): StoredRecord | undefined {
    let current = id;
    for (
      let next = this.aliases[object].get(current);
      next !== undefined;
      next = this.aliases[object].get(current)
    )
      current = next;
    return this.records[object].get(current);
  }

  isMergedAway(object: SandboxObject, id: string): boolean {
    return this.aliases[object].has(id);
  }

  byUnique(object: SandboxObject, property: string, value: string): StoredRecord | undefined {
    const id = this.unique.holder(object, property, value);
    if (id === undefined) throw invalid(`Property "${property}" has no unique values`);
    return id === null ? undefined : this.records[object].get(id);
  }

  /** The values a create would store; throws as HubSpot refuses. */
  forCreate(object: SandboxObject, given: Readonly<Record<string, unknown>>): Record<string, string> {
    const values = checkedValues(this.definitions[object], given, this.ownerIds);
    for (const [name, value] of Object.entries(values)) if (value === '') delete values[name];
    const oneOf = object === 'contacts' ? ['email', 'firstname', 'lastname'] : ['name', 'domain'];
    if (!oneOf.some((name) => values[name] !== undefined))
      throw invalid('Some required properties were not set.', {
        errors: [
          {
            message: `Set one of ${oneOf.join(', ')}`,
            code: 'REQUIRED_PROPERTY',
            context: { properties: oneOf },
          },
        ],
      });
    values['lifecyclestage'] ??= 'lead';
    this.refuseTaken(object, values, undefined);
    return values;
  }

  forUpdate(record: StoredRecord, given: Readonly<Record<string, unknown>>): Record<string, string> {
    const values = checkedValues(this.definitions[record.object], given, this.ownerIds);
    const stage = LIFECYCLE.indexOf(values['lifecyclestage'] ?? '');
    // A stage is never moved backward, and nothing is said about it.
    if (stage >= 0 && stage < LIFECYCLE.indexOf(record.properties['lifecyclestage'] ?? ''))
      delete values['lifecyclestage'];
    this.refuseTaken(record.object, values, record);
    return values;
  }

  create(
    object: SandboxObject,
    values: Readonly<Record<string, string>>,
    write: Write & { readonly updatedAt?: number },
  ): StoredRecord {
    const at = write.at ?? this.now();
    const record: StoredRecord = {
      object,
      id: String(this.nextId[object]++),
      properties: { ...values },
      history: new Map(
        Object.entries(values).map(([name, value]) => [name, [{ value, at, source: write.source }]]),
      ),
      createdAt: at,
      updatedAt: write.updatedAt ?? at,
      archivedAt: null,
      companies: new Map(),
      merged: [],
      indexed: null,
    };
    this.records[object].set(record.id, record);
    this.unique.claim(record);
    this.reindex(record);
    this.emit({ kind: 'creation', object, id: record.id, at, source: write.source });
    return record;
  }

  update(record: StoredRecord, values: Readonly<Record<string, string>>, write: Write): void {
    const at = write.at ?? this.now();
    const changed = Object.entries(values).filter(
      ([name, value]) => (record.properties[name] ?? '') !== value,
    );
    this.unique.release(record);
    const properties = { ...record.properties };
    for (const [name, value] of changed) {
      if (value === '') delete properties[name];
      else properties[name] = value;
      record.history.set(
        name,
        [{ value, at, source: write.source }, ...(record.history.get(name) ?? [])].slice(0, 20),
      );
    }
    record.properties = properties;
    this.unique.claim(record);
    this.touch(record, at);
    for (const [property, value] of changed)
      this.emit({
        kind: 'propertyChange',
        object: record.object,
        id: record.id,
        at,
        source: write.source,
        property,
        value,
      });
  }

  archive(record: StoredRecord, write: Write): void {
    if (record.archivedAt !== null) return;
    const at = write.at ?? this.now();
    this.unique.release(record);
    record.archivedAt = at;
    this.reindex(record);
    this.emit({ kind: 'deletion', object: record.object, id: record.id, at, source: write.source });
  }

  restore(record: StoredRecord, write: Write): void {
    if (record.archivedAt === null) return;
    const at = write.at ?? this.now();
    record.archivedAt = null;
    this.unique.claim(record);
    this.touch(record, at);
    this.emit({ kind: 'restore', object: record.object, id: record.id, at, source: write.source });
  }

  /** Forgets a record without a trace, as for an erasure request. */
  erase(record: StoredRecord, write: Write): void {
    this.drop(record);
    for (const kind of ['privacyDeletion', 'deletion'] as const)
      this.emit({ kind, object: record.object, id: record.id, at: this.now(), source: write.source });
  }

  /** Both records give way to a new one, to which their ids lead from then on; the primary's values win. */
  merge(primary: StoredRecord, other: StoredRecord, write: Write): StoredRecord {
    if (primary === other || primary.object !== other.object) throw invalid('These records cannot be merged');
    const at = write.at ?? this.now();
    const { object } = primary;
    const properties: Record<string, string> = { ...other.properties, ...primary.properties };
    const emails = [primary, other].flatMap((record) => [
      record.properties['email'] ?? '',
      ...(record.properties['hs_additional_emails'] ?? '').split(';'),
    ]);
    const further = [...new Set(emails)].filter((email) => email !== '' && email !== properties['email']);
    if (object === 'contacts' && further.length > 0) properties['hs_additional_emails'] = further.join(';');
    const merged = [primary, other].flatMap((record) => [{ id: record.id, at }, ...record.merged]);
    this.drop(primary);
    this.drop(other);
    const survivor: StoredRecord = {
      ...primary,
      id: String(this.nextId[object]++),
      properties,
      history: new Map([...other.history, ...primary.history]),
      createdAt: Math.min(primary.createdAt, other.createdAt),
      updatedAt: at,
      archivedAt: null,
      companies: new Map([...other.companies, ...primary.companies]),
      merged,
      indexed: null,
    };
    this.records[object].set(survivor.id, survivor);
    for (const { id } of [primary, other]) this.aliases[object].set(id, survivor.id);
    if (object === 'companies') this.moveContacts([primary.id, other.id], survivor.id);
    this.unique.claim(survivor);
    this.reindex(survivor);
    this.emit({
      kind: 'merge',
      object,
      id: survivor.id,
      at,
      source: write.source,
      primaryId: primary.id,
      mergedIds: [other.id],
    });
    return survivor;
  }

  /** A contact has one primary company at most; the first one becomes it by itself. Moves no date. */
  associate(
    contact: StoredRecord,
    company: StoredRecord,
    link: Write & { readonly types: readonly number[] },
  ): void {
    const hasPrimary = [...contact.companies.values()].some((types) => types.has(1));
    const wanted = new Set([279, ...link.types, ...(hasPrimary ? [] : [1])]);
    if (wanted.has(1)) for (const types of contact.companies.values()) types.delete(1);
    const types = contact.companies.get(company.id) ?? new Set<number>();
    for (const type of wanted) types.add(type);
    contact.companies.set(company.id, types);
    this.emitLink(contact, company.id, { source: link.source, removed: false });
  }

  dissociate(contact: StoredRecord, companyId: string, write: Write): void {
    if (contact.companies.delete(companyId))
      this.emitLink(contact, companyId, { source: write.source, removed: true });
  }

  /** Values that are not stored but follow from the record. */
  value(
    record: StoredRecord,
    name: string,
    source: Pick<StoredRecord, 'properties' | 'updatedAt'> = record,
  ): string | null {
    switch (name) {
      case 'hs_object_id':
        return record.id;
      case 'createdate':
        return new Date(record.createdAt).toISOString();
      case MODIFIED[record.object]:
        return new Date(source.updatedAt).toISOString();
      case 'hs_merged_object_ids':
        return record.merged.length === 0 ? null : record.merged.map(({ id }) => id).join(';');
      case 'hs_calculated_merged_vids':
        return record.merged.length === 0
          ? null
          : record.merged.map(({ id, at }) => `${id}:${String(at)}`).join(';');
      case 'associatedcompanyid':
        return [...record.companies].find(([, types]) => types.has(1))?.[0] ?? null;
      default:
        return source.properties[name] ?? null;
    }
  }

  /** What search has come to know by now. */
  catchUp(all = false): void {
    const now = Date.now();
    while (this.lagging.length > 0) {
      const [next] = this.lagging;
      if (next === undefined || (next.due > now && !all)) return;
      this.lagging.shift();
      this.index(next.record);
    }
  }

  private index(record: StoredRecord): void {
    const visible = record.archivedAt === null && this.records[record.object].get(record.id) === record;
    record.indexed = visible ? { properties: record.properties, updatedAt: record.updatedAt } : null;
  }

  private reindex(record: StoredRecord): void {
    if (this.options.searchDelayMs === 0) this.index(record);
    else this.lagging.push({ due: Date.now() + this.options.searchDelayMs, record });
  }

  private touch(record: StoredRecord, at: number): void {
    record.updatedAt = Math.max(record.updatedAt, at);
    this.reindex(record);
  }

  private drop(record: StoredRecord): void {
    this.unique.release(record);
    this.records[record.object].delete(record.id);
    this.reindex(record);
  }

  private moveContacts(from: readonly string[], to: string): void {
    for (const contact of this.records.contacts.values())
      for (const id of from) {
        const types = contact.companies.get(id);
        if (types === undefined) continue;
        contact.companies.delete(id);
        contact.companies.set(to, types);
      }
  }

  private emitLink(
    contact: StoredRecord,
    companyId: string,
    how: { readonly source: string; readonly removed: boolean },
  ): void {
    this.emit({
      kind: 'associationChange',
      object: 'contacts',
      id: contact.id,
      at: this.now(),
      companyId,
      ...how,
    });
  }

  private refuseTaken(
    object: SandboxObject,
    values: Readonly<Record<string, string>>,
    self: StoredRecord | undefined,
  ): void {
    const taken = this.unique.taken(object, values, self?.id);
    if (taken === undefined) return;
    const { property, value, id } = taken;
    if (property === 'email') throw conflict(id);
    const message = `${id} already has that value.`;
    throw invalidProperties([{ name: property, code: 'CONFLICTING_UNIQUE_VALUE', message, value }]);
  }

  need(object: SandboxObject, id: string): StoredRecord {
    const record = this.byId(object, id);
    if (record === undefined) throw notFound();
    return record;
  }
}
