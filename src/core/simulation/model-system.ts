/**
 * A system in memory that does what the vendors' systems do to a hub: its own clock, rewritten and refused values, a
 * feed and an index that lag, unique e-mails, merges. People write there; what they write is put down in a ledger.
 */
import type { JsonValue } from '../../sdk/index.js';
import type { ModelClock } from './clock.js';
import { FIELDS, keyOf, type Values } from './fields.js';
import { rewrite } from './rewrite.js';

export interface SystemTraits {
  readonly name: string;
  /** Its clock minus the hub's, ms. */
  readonly clockOffset: number;
  /** Keeps a time per field; else only a time per record, in whole seconds. */
  readonly fieldTimes: boolean;
  readonly maxLength: number;
  /** How late its feed of changes and its search are, ms. */
  readonly lag: number;
  readonly uniqueEmail: boolean;
  /** Keeps the hub's id with a record, so that a create can be looked up at once. */
  readonly hubKey: boolean;
  /** A merge makes a third record; else the first of the two stays. */
  readonly mergeMakesNew: boolean;
}

export interface Row {
  readonly id: string;
  readonly values: Values;
  readonly times: Readonly<Record<string, number>>;
  /** By the system's clock, ms. */
  readonly modifiedAt: number;
  readonly createdAt: number;
  readonly gone: boolean;
  readonly mergedInto: string | null;
  /** The customer for which the hub made it. */
  readonly hubId: string | null;
  /** What it was made with: a system that keeps a history knows. */
  readonly born: Values;
}

/** What somebody wrote: the value as the system keeps it. */
export interface Written {
  readonly id: string;
  readonly field: string;
  readonly value: JsonValue;
  /** Place in the order of all that happened. */
  readonly at: number;
}

export interface Page {
  readonly rows: readonly Row[];
  readonly cursor: number;
  readonly more: boolean;
  readonly readAt: number;
}

export type ModelOutcome =
  | { readonly status: 'stored'; readonly row: Row }
  | { readonly status: 'rejected'; readonly fields: readonly string[] }
  | { readonly status: 'conflict'; readonly existingId: string }
  | { readonly status: 'gone'; readonly mergedInto: string | null };

const PAGE = 2;

export class ModelSystem {
  readonly rows = new Map<string, Row>();
  readonly ledger: Written[] = [];
  /** Ids in the order of their changes, with the time (hub's clock) of each. */
  private readonly feed: { readonly id: string; readonly at: number }[] = [];
  private lastId = 0;

  constructor(
    readonly traits: SystemTraits,
    private readonly clock: ModelClock,
  ) {}

  live(): Row[] {
    return [...this.rows.values()].filter((row) => !row.gone);
  }

  personMakes(values: Values): Row | undefined {
    const stored: Record<string, JsonValue> = {};
    for (const [field, value] of Object.entries(values)) {
      const kept = rewrite({ field, value, current: null, byHub: false, maxLength: this.traits.maxLength });
      if (kept !== undefined) stored[field] = kept;
    }
    if (this.holderOfEmail(stored['email'], null) !== undefined) return undefined;
    const row = this.insert(stored, null);
    for (const [field, value] of Object.entries(stored))
      if (keyOf(field, value) !== null) this.note(row.id, field);
    return row;
  }

  /** undefined when the system refuses what the person writes. */
  personWrites(id: string, field: string, value: JsonValue): Row | undefined {
    const row = this.rows.get(id);
    if (row === undefined || row.gone) return undefined;
    const current = row.values[field] ?? null;
    const kept = rewrite({ field, value, current, byHub: false, maxLength: this.traits.maxLength });
    if (kept === undefined || keyOf(field, kept) === keyOf(field, current)) return undefined;
    if (field === 'email' && this.holderOfEmail(kept, id) !== undefined) return undefined;
    const after = this.change(row, { [field]: kept });
    this.note(id, field);
    return after;
  }

  personDeletes(id: string): void {
    const row = this.rows.get(id);
    if (row !== undefined && !row.gone) this.put({ ...row, gone: true });
  }

  /** The first one's values stand, its blanks are filled from the other. Returns the id that stays. */
  personMerges(firstId: string, otherId: string): string | undefined {
    const first = this.rows.get(firstId);
    const other = this.rows.get(otherId);
    if (first === undefined || other === undefined || first.gone || other.gone || firstId === otherId)
      return undefined;
    const filled: Record<string, JsonValue> = {};
    for (const field of FIELDS) {
      if (keyOf(field, first.values[field]) === null && keyOf(field, other.values[field]) !== null) {
        filled[field] = other.values[field] ?? null;
      }
    }
    const stays = this.traits.mergeMakesNew
      ? this.insert({ ...first.values, ...filled }, first.hubId ?? other.hubId)
      : this.change(first, filled);
    const told = this.traits.mergeMakesNew ? FIELDS : Object.keys(filled);
    for (const field of told) if (keyOf(field, stays.values[field]) !== null) this.note(stays.id, field);
    this.put({ ...other, gone: true, mergedInto: stays.id });
    if (this.traits.mergeMakesNew) this.put({ ...first, gone: true, mergedInto: stays.id });
    return stays.id;
  }

  /** What changed after the cursor, as it is now, as far as the feed shows it already. */
  page(cursor: number): Page {
    const readAt = this.clock.now();
    const visible = this.feed.filter((one) => one.at + this.traits.lag <= readAt).length;
    const next = Math.min(cursor + PAGE, Math.max(visible, cursor));
    const ids = new Set(this.feed.slice(cursor, next).map((one) => one.id));
    return { rows: this.named([...ids]), cursor: next, more: next < visible, readAt };
  }

  read(ids: readonly string[]): { readonly rows: readonly Row[]; readonly readAt: number } {
    const readAt = this.clock.now();
    return { rows: this.named(ids), readAt };
  }

  hubWrites(id: string, values: Values): ModelOutcome {
    const row = this.rows.get(id);
    if (row === undefined || row.gone) return { status: 'gone', mergedInto: row?.mergedInto ?? null };
    const checked = this.check(values, row);
    return 'status' in checked ? checked : { status: 'stored', row: this.change(row, checked.kept) };
  }

  hubMakes(hubId: string, values: Values): ModelOutcome {
    const checked = this.check(values, null);
    return 'status' in checked ? checked : { status: 'stored', row: this.insert(checked.kept, hubId) };
  }

  /** The record that an attempt begun at `since` (hub's clock) made; `later` while the index cannot tell. */
  find(hubId: string, values: Values, since: number): Row | 'later' | undefined {
    const now = this.clock.now();
    if (this.traits.hubKey) return [...this.rows.values()].find((row) => row.hubId === hubId);
    if (since + this.traits.lag > now) return 'later';
    const { clockOffset } = this.traits;
    return [...this.rows.values()].find(
      (row) => row.hubId !== null && row.createdAt >= since + clockOffset && this.bornOf(row, values),
    );
  }

  private bornOf(row: Row, values: Values): boolean {
    const { maxLength } = this.traits;
    return FIELDS.every((field) => {
      const kept = rewrite({ field, value: values[field] ?? null, current: null, byHub: true, maxLength });
      return kept !== undefined && keyOf(field, kept) === keyOf(field, row.born[field]);
    });
  }

  /** Whether writing the value would leave the record as it is, or be refused. */
  accepts(row: Row, field: string, value: JsonValue): 'same' | 'changes' | 'refuses' {
    const checked = this.check({ [field]: value }, row);
    if ('status' in checked) return 'refuses';
    return keyOf(field, checked.kept[field]) === keyOf(field, row.values[field]) ? 'same' : 'changes';
  }

  private check(values: Values, row: Row | null): ModelOutcome | { readonly kept: Values } {
    const kept: Record<string, JsonValue> = {};
    const refused: string[] = [];
    for (const [field, value] of Object.entries(values)) {
      const current = row?.values[field] ?? null;
      const stored = rewrite({ field, value, current, byHub: true, maxLength: this.traits.maxLength });
      if (stored === undefined) refused.push(field);
      else kept[field] = stored;
    }
    if (refused.length > 0) return { status: 'rejected', fields: refused };
    const holder = this.holderOfEmail(kept['email'], row?.id ?? null);
    return holder === undefined ? { kept } : { status: 'conflict', existingId: holder };
  }

  private holderOfEmail(email: JsonValue | undefined, except: string | null): string | undefined {
    const key = keyOf('email', email);
    if (!this.traits.uniqueEmail || key === null) return undefined;
    return this.live().find((row) => row.id !== except && keyOf('email', row.values['email']) === key)?.id;
  }

  private insert(values: Values, hubId: string | null): Row {
    this.lastId += 1;
    const id = `${this.traits.name}${String(this.lastId)}`;
    const at = this.systemTime();
    const times = Object.fromEntries(Object.keys(values).map((field) => [field, at]));
    const row: Row = {
      id,
      values,
      times,
      modifiedAt: at,
      createdAt: at,
      gone: false,
      mergedInto: null,
      hubId,
      born: values,
    };
    return this.put(row);
  }

  private change(row: Row, values: Values): Row {
    const at = this.systemTime();
    const moved = Object.keys(values).filter(
      (field) => keyOf(field, values[field]) !== keyOf(field, row.values[field]),
    );
    const times = { ...row.times, ...Object.fromEntries(moved.map((field) => [field, at])) };
    return this.put({ ...row, values: { ...row.values, ...values }, times, modifiedAt: at });
  }

  private put(row: Row): Row {
    this.rows.set(row.id, row);
    this.feed.push({ id: row.id, at: this.clock.now() });
    return row;
  }

  private note(id: string, field: string): void {
    this.ledger.push({ id, field, value: this.rows.get(id)?.values[field] ?? null, at: this.clock.now() });
  }

  private named(ids: readonly string[]): Row[] {
    return ids.flatMap((id) => this.rows.get(id) ?? []);
  }

  private systemTime(): number {
    return this.clock.now() + this.traits.clockOffset;
  }
}
