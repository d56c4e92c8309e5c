/** A CRM as the run sees it: what its users do there, what befalls it, and what it holds. One adapter a kind of counterpart. */
import type { JsonObject, JsonValue } from '../../src/sdk/index.js';
import type { PlannedFault, Values, Played } from '../plan/steps.js';

/** A live record, in canonical fields; `account` is the id of a company in the same system. */
export interface HeldRecord {
  readonly id: string;
  readonly entity: Played;
  readonly values: Readonly<Record<string, JsonValue>>;
}

export interface SeedRow {
  readonly values: Values;
  readonly companyId?: string | undefined;
  readonly daysAgo: number;
}

/** Users' verbs reject with {@link Refused} when the CRM says no, as it would to a user. */
export interface Crm {
  /** Also the connection's name. */
  readonly name: string;
  /** Canonical fields by entity that are read and written there. */
  readonly fields: Readonly<Record<Played, readonly string[]>>;
  /** Its part of rapport.yaml, without policy. */
  connection(): Promise<JsonObject>;
  /** Records that stood there before the hub came; their ids. */
  seed(entity: Played, rows: readonly SeedRow[]): Promise<readonly string[]>;
  create(entity: Played, values: Values): Promise<string>;
  edit(entity: Played, id: string, values: Values): Promise<void>;
  link(personId: string, companyId: string | null): Promise<void>;
  remove(personId: string): Promise<void>;
  /** Answers with the id of the record that both became. */
  merge(personId: string, otherId: string): Promise<string>;
  records(entity: Played): Promise<readonly HeldRecord[]>;
  fault(fault: PlannedFault): Promise<void>;
  /** Sessions and tokens. */
  expire(): Promise<void>;
  /** Where it has webhooks they go there, as unreliable as planned. */
  sendWebhooks(hubUrl: string): Promise<void>;
  /** No more faults; indexes have caught up, and webhooks under way have arrived or are given up. */
  calmDown(): Promise<void>;
  /** Write calls of the API so far, `POST /path` each. */
  writes(): Promise<readonly string[]>;
}

/** What a CRM says to a user whom it does not let do something. */
export class Refused extends Error {}
