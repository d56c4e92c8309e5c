/** The portal's records, with property history, and the search index that lags behind them. */
import { typesOf } from './associations.js';
import { conflict, invalid, invalidProperties, notFound } from './answers.js';
import {
  customDefinition,
  freshSchema,
  LIFECYCLE,
  type Definition,
  type NewDefinition,
  type SandboxObject,
} from './schema.js';
import { mergedRecord } from './merging.js';
import { stageOf } from './pipelines.js';
import { SearchIndex } from './search-index.js';
import { OWNERS, type Change, type LinkEnd, type StoredRecord, type Write } from './types.js';
import { UniqueValues } from './unique.js';
import { checkedValues } from './values.js';

/** Past 32 bits, as those of large portals are; a contact and a company may share one. */
const FIRST_ID = 51_000_000_001;

export class Store {
  readonly definitions = freshSchema();
  readonly records: Readonly<Record<SandboxObject, Map<string, StoredRecord>>> = {
    contacts: new Map(),
    companies: new Map(),
    deals: new Map(),
  };
  /** Ids that were merged away, with what they lead to. */
  private readonly aliases: Readonly<Record<SandboxObject, Map<string, string>>> = {
    contacts: new Map(),
    companies: new Map(),
    deals: new Map(),
  };
  private readonly unique = new UniqueValues();
  private readonly nextId = { contacts: FIRST_ID, companies: FIRST_ID, deals: FIRST_ID };
  private readonly index: SearchIndex;
  private readonly ownerIds = new Set<string>(
    OWNERS.filter((owner) => !owner.archived).map((owner) => owner.id),
  );

  constructor(
    private readonly options: { readonly now: () => number; readonly searchDelayMs: number },
    private readonly emit: (change: Change) => void,
  ) {
    this.index = new SearchIndex(options.searchDelayMs, (record) => this.isLive(record));
  }

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
    const checked = checkedValues(this.definitions[object], given, this.ownerIds);
    const values = withoutBlanks(checked);
    const oneOf = REQUIRED[object];
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
    if (object === 'deals') this.placeDeal(values);
    else values['lifecyclestage'] ??= 'lead';
    this.refuseTaken(object, values, undefined);
    return values;
  }

  forUpdate(record: StoredRecord, given: Readonly<Record<string, unknown>>): Record<string, string> {
    const values = checkedValues(this.definitions[record.object], given, this.ownerIds);
    const stage = LIFECYCLE.indexOf(values['lifecyclestage'] ?? '');
    // A stage is never moved backward, and nothing is said about it.
    if (stage >= 0 && stage < LIFECYCLE.indexOf(record.properties['lifecyclestage'] ?? ''))
      delete values['lifecyclestage'];
    if (record.object === 'deals') this.moveDeal(record, values);
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
      links: { companies: new Map(), contacts: new Map() },
      merged: [],
      indexed: null,
    };
    this.records[object].set(record.id, record);
    this.unique.claim(record);
    this.index.note(record);
    this.emit({ kind: 'creation', object, id: record.id, at, source: write.source });
    return record;
  }

  update(record: StoredRecord, values: Readonly<Record<string, string>>, write: Write): void {
    const at = write.at ?? this.now();
    const changed = Object.entries(values).filter(
      ([name, value]) => (record.properties[name] ?? '') !== value,
    );
    this.unique.release(record);
    for (const [name, value] of changed) {
      const entry = { value, at, source: write.source };
      record.history.set(name, [entry, ...(record.history.get(name) ?? [])].slice(0, 20));
    }
    record.properties = withoutBlanks({ ...record.properties, ...Object.fromEntries(changed) });
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
    this.index.note(record);
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
    this.drop(primary);
    this.drop(other);
    const survivor = mergedRecord(primary, other, { id: String(this.nextId[object]++), at });
    this.records[object].set(survivor.id, survivor);
    for (const { id } of [primary, other]) this.aliases[object].set(id, survivor.id);
    if (object !== 'deals') this.moveLinks(object, [primary.id, other.id], survivor.id);
    this.unique.claim(survivor);
    this.index.note(survivor);
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

  /** A record has one primary company at most; the first one becomes it by itself. Moves no date. */
  associate(
    record: StoredRecord,
    other: StoredRecord,
    link: Write & { readonly types: readonly number[] },
  ): void {
    const from = record.object;
    const to = other.object;
    if (from === 'companies' || to === 'deals') throw invalid('These records cannot be associated so');
    const links = record.links[to];
    const [plain = 0, primary] = typesOf({ from, to });
    const hasPrimary = primary === undefined || [...links.values()].some((types) => types.has(primary));
    const wanted = new Set([plain, ...link.types, ...(hasPrimary ? [] : [primary])]);
    if (primary !== undefined && wanted.has(primary))
      for (const types of links.values()) types.delete(primary);
    const types = links.get(other.id) ?? new Set<number>();
    for (const type of wanted) types.add(type);
    links.set(other.id, types);
    this.emitLink(record, { end: to, id: other.id }, { source: link.source, removed: false });
  }

  dissociate(
    record: StoredRecord,
    other: { readonly end: LinkEnd; readonly id: string },
    write: Write,
  ): void {
    if (record.links[other.end].delete(other.id))
      this.emitLink(record, other, { source: write.source, removed: true });
  }

  /** Search knows what it should by now; or everything. */
  catchUp(all = false): void {
    this.index.catchUp(all);
  }

  private isLive(record: StoredRecord): boolean {
    return record.archivedAt === null && this.records[record.object].get(record.id) === record;
  }

  private touch(record: StoredRecord, at: number): void {
    record.updatedAt = Math.max(record.updatedAt, at);
    this.index.note(record);
  }

  private drop(record: StoredRecord): void {
    this.unique.release(record);
    this.records[record.object].delete(record.id);
    this.index.note(record);
  }

  /** What was linked to either of two merged records is linked to what they became. */
  private moveLinks(end: LinkEnd, from: readonly string[], to: string): void {
    const holders = [...this.records.contacts.values(), ...this.records.deals.values()];
    for (const { links } of holders)
      for (const id of from) {
        const types = links[end].get(id);
        if (types === undefined) continue;
        links[end].delete(id);
        links[end].set(to, new Set([...(links[end].get(to) ?? []), ...types]));
      }
  }

  private emitLink(
    record: StoredRecord,
    other: { readonly end: LinkEnd; readonly id: string },
    how: { readonly source: string; readonly removed: boolean },
  ): void {
    this.emit({
      kind: 'associationChange',
      object: record.object,
      id: record.id,
      at: this.now(),
      otherEnd: other.end,
      otherId: other.id,
      ...how,
    });
  }

  /** A stage belongs to a pipeline; a deal that names none goes into the default one. */
  private placeDeal(values: Record<string, string>): void {
    values['pipeline'] ??= 'default';
    checkStage(values['dealstage'], values['pipeline']);
  }

  /** A deal that is closed gets the date of it, unless one is given. */
  private moveDeal(record: StoredRecord, values: Record<string, string>): void {
    const stage = values['dealstage'] ?? record.properties['dealstage'];
    if (values['dealstage'] === undefined && values['pipeline'] === undefined) return;
    checkStage(stage, values['pipeline'] ?? record.properties['pipeline']);
    const moves = stage !== record.properties['dealstage'];
    if (moves && stageOf(stage ?? '')?.closed === true)
      values['closedate'] ??= new Date(this.now()).toISOString();
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

const REQUIRED: Readonly<Record<SandboxObject, readonly string[]>> = {
  contacts: ['email', 'firstname', 'lastname'],
  companies: ['name', 'domain'],
  deals: ['dealname'],
};

function checkStage(stage: string | undefined, pipeline: string | undefined): void {
  const found = stage === undefined ? undefined : stageOf(stage);
  if (found !== undefined && found.pipeline === pipeline) return;
  const message = `The stage ${stage ?? ''} is not one of the pipeline ${pipeline ?? ''}`;
  throw invalidProperties([{ name: 'dealstage', code: 'INVALID_OPTION', message, value: stage ?? '' }]);
}

function withoutBlanks(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
