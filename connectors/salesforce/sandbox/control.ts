/** Editing as a person would, seeding, and the switches: in process, and over HTTP at /__control/COMMAND. */
import type { BulkJobs } from './bulk.js';
import { type Faults, type Fault } from './faults.js';
import type { SignIn } from './sign-in.js';
import { objectDef, objectOfId } from './fields.js';
import { USERS } from './first-rows.js';
import type { Input, Store, Writer } from './store.js';
import type { Cometd, StreamRefusal } from './streaming/cometd.js';
import type { Usage } from './usage.js';
import { shown, type Value } from './values.js';

/** A call as it came in. `path` has the query with it, decoded. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** When an edit is stamped; a time in the past is a transaction that began then and commits now. */
export interface When {
  /** ISO 8601. */
  readonly at?: string;
  /** ISO 8601: when the transaction is said to have been committed; now unless told. */
  readonly committed?: string;
}

export class SandboxControl {
  private readonly log: RequestLine[] = [];
  private cut: () => void = () => undefined;

  constructor(
    private readonly parts: {
      readonly store: Store;
      readonly faults: Faults;
      readonly signIn: SignIn;
      readonly usage: Usage;
      readonly bulk: BulkJobs;
      readonly cometd: Cometd;
    },
  ) {}

  /** What cuts all connections of the server. */
  onCut(cut: () => void): void {
    this.cut = cut;
  }

  create(type: string, fields: Input, when: When = {}): string {
    return this.parts.store.create(type, fields, rep(when));
  }

  edit(id: string, fields: Input, when: When = {}): void {
    this.parts.store.update(typeOf(id), id, { input: fields, writer: rep(when) });
  }

  remove(id: string, when: When = {}): void {
    this.parts.store.remove(typeOf(id), id, rep(when));
  }

  undelete(id: string, when: When = {}): void {
    this.parts.store.undelete(id, rep(when));
  }

  merge(master: string, losers: readonly string[], when: When = {}): void {
    this.parts.store.merge(master, losers, rep(when));
  }

  /** The new contact's id. */
  convertLead(id: string, when: When = {}): string {
    return this.parts.store.convertLead(id, rep(when));
  }

  /** Rows as they are, thousands at once, with `SystemModstamp` and the like if wanted. Their ids, in order. */
  load(type: string, rows: readonly Input[]): readonly string[] {
    return rows.map((row) => this.parts.store.load(type, row));
  }

  record(id: string): Readonly<Record<string, Value>> | undefined {
    const row = this.parts.store.find(id);
    return row && this.show(typeOf(id), row);
  }

  /** Live records; with `deleted` those in the recycle bin too. */
  records(
    type: string,
    options: { readonly deleted?: boolean } = {},
  ): readonly Readonly<Record<string, Value>>[] {
    return [...this.parts.store.rows(type).values()]
      .filter((row) => options.deleted === true || row['IsDeleted'] !== true)
      .map((row) => this.show(type, row));
  }

  fault(fault: Fault): void {
    this.parts.faults.add(fault);
  }

  clearFaults(): void {
    this.parts.faults.clear();
  }

  /** The next call of every session is refused with INVALID_SESSION_ID. */
  expireSessions(): void {
    this.parts.signIn.expire();
    this.parts.cometd.wake();
  }

  /** One transaction: where all come to the same, one change event tells of them. */
  editAll(ids: readonly string[], fields: Input): void {
    this.parts.store.events.transaction(() => {
      for (const id of ids) this.edit(id, fields);
    });
  }

  /** The next changes are told by gap events, or not at all. */
  disturbEvents(kind: 'gap' | 'drop', times = 1): void {
    this.parts.store.events.disturb(kind, times);
  }

  /** So much changed that the changes of this type are not told one by one. */
  overflowEvents(type: string): void {
    this.parts.store.events.overflow(type);
  }

  /** All events are older than 72 hours. */
  purgeEvents(): void {
    this.parts.store.events.purge();
  }

  /** The last events come once more. */
  redeliverEvents(count = 1): void {
    this.parts.cometd.redeliver(count);
  }

  /** Those who listen are strangers at their next call. */
  forgetClients(): void {
    this.parts.cometd.forgetClients();
  }

  refuseStreaming(refusal: StreamRefusal): void {
    this.parts.cometd.refuse(refusal);
  }

  /** How many clients wait for events just now. */
  listening(): number {
    return this.parts.cometd.listening;
  }

  /** Breaks every connection, answers under way included. */
  cutConnections(): void {
    this.cut();
  }

  /** The integration user is switched off. */
  revokeAccess(): void {
    this.parts.signIn.revoke();
  }

  /** API calls of the last 24 hours. */
  use(calls: number): void {
    this.parts.usage.set(calls);
  }

  /** How many looks a bulk job is found at work, or what becomes of those there are. */
  bulk(change: { readonly looks?: number; readonly spoil?: 'fail' | 'forget' }): void {
    const { bulk } = this.parts;
    if (change.looks !== undefined) bulk.looks = change.looks;
    if (change.spoil !== undefined) bulk.spoil(change.spoil);
  }

  /** Puts the org's clock forward against ours, or back; its answers say so in `Date`. */
  advance(ms: number): void {
    this.parts.store.advance(ms);
  }

  requests(): readonly RequestLine[] {
    return this.log;
  }

  note(line: RequestLine): void {
    this.log.push(line);
  }

  private show(type: string, row: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
    const fields = [...(objectDef(type)?.fields.values() ?? [])];
    return Object.fromEntries(fields.map((field) => [field.name, shown(field, row[field.name])]));
  }
}

/** Commands over HTTP: POST with a JSON array of arguments. */
export const COMMANDS = [
  'create',
  'edit',
  'remove',
  'undelete',
  'merge',
  'convertLead',
  'load',
  'record',
  'records',
  'fault',
  'clearFaults',
  'expireSessions',
  'editAll',
  'disturbEvents',
  'overflowEvents',
  'purgeEvents',
  'redeliverEvents',
  'forgetClients',
  'refuseStreaming',
  'listening',
  'cutConnections',
  'revokeAccess',
  'use',
  'advance',
  'requests',
] as const;

function rep({ at, committed }: When): Writer {
  return {
    userId: USERS.rep,
    allowDuplicates: true,
    at: at === undefined ? undefined : Date.parse(at),
    committed: committed === undefined ? undefined : Date.parse(committed),
  };
}

function typeOf(id: string): string {
  return objectOfId(id)?.type ?? '';
}
