/**
 * How the suite drives a system: what a user of it does, and what can go wrong on the way there. Whoever writes a
 * connector implements this once for a sandbox of the system, and has the whole suite for it.
 *
 * target     a connector, the objects to try it on, and how to open a system for it
 * harness    one open system: its users' hands, and its faults
 * specimen   an object of the system, with the properties the rules work on
 * ability    what a rule needs the connector or the system to have; what is missing is declared with its reason
 */
import type { Connector, JsonValue, PropertyValues, WebhookRequest } from '../index.js';

export interface ConformanceTarget {
  readonly connector: Connector;
  /** Each is put through all rules. */
  readonly objects: readonly Specimen[];
  /** Opens a new and empty system; each rule gets one of its own and closes it. */
  open(): Promise<Harness>;
  /** What the system has not, with the reason: shown in the table as "does not apply". */
  readonly cannot?: Cannot;
}

/** An object as the rules use it. Properties are the system's own names, values as the connector gives them. */
export interface Specimen {
  readonly object: string;
  /** What record number `n` (from 0 on) is made of: `name`, `text`, `unique`; different for each `n`. */
  values(n: number): PropertyValues;
  /** A text property that every record has. */
  readonly name: string;
  /** A text property that users edit and clear, stored as it is written. */
  readonly text: string;
  /** Longest value of `text`, in characters. */
  readonly longest: number;
  /** Records on the connector's largest page; the rules make some more than twice as many. */
  readonly page: number;
  /** A value that the system refuses, and the property that it is refused for. */
  readonly refused?: { readonly property: string; readonly value: JsonValue };
  /** A property of `values` that no two records may share. */
  readonly unique?: string;
  /** A property that points at another record: `createTarget` makes one, `link` sets it. */
  readonly link?: string;
  /** As that of the target, for this object only. */
  readonly cannot?: Cannot;
}

/** A live record as the system holds it: at least `name` and `text`. Blank may be null, '' or left out. */
export interface SystemRecord {
  readonly id: string;
  readonly values: PropertyValues;
}

/** Calls that only read, or calls that write. */
export type Calls = 'read' | 'write';

/**
 * One open system. Users' actions take effect at once and move the record's modified time, as far as the system does
 * that. What is optional is left out only with a reason in `cannot`.
 */
export interface Harness {
  /** As they would stand in rapport.yaml; the connector's own schemas read them. */
  readonly settings: unknown;
  readonly credentials: unknown;
  /** `real` for a system whose answers cannot be waited for on the test's own clock; waiting then costs time. */
  readonly clock?: 'real';

  /** A user makes these records; all at the same modified time if one is given (ISO 8601). Ids in the same order. */
  create(object: string, records: readonly PropertyValues[], at?: string): Promise<readonly string[]>;
  edit(object: string, id: string, values: PropertyValues): Promise<void>;
  /** All live records. */
  records(object: string): Promise<readonly SystemRecord[]>;
  remove?(object: string, id: string): Promise<void>;
  /** Brings a deleted record back. */
  restore?(object: string, id: string): Promise<void>;
  /** Makes one of two; answers with the id that stands for both from then on. */
  merge?(object: string, winner: string, loser: string): Promise<string>;
  /** Makes a record that `link` can point at. */
  createTarget?(object: string): Promise<string>;
  /** Changes what the record points at, and nothing else of it; null takes the link away. */
  link?(object: string, id: string, target: string | null): Promise<void>;
  /** An administrator adds a text property; answers with its name. */
  addProperty?(object: string): Promise<string>;
  /** Damages a record so that it cannot be understood any more. */
  spoil?(object: string, id: string): Promise<void>;

  /** The next of these calls is refused: too many, come again later. */
  throttle?(calls: Calls): Promise<void>;
  /** What the connector signed in for is over; its credentials still hold. */
  expire?(): Promise<void>;
  /** The credentials are not taken any more. */
  revoke?(): Promise<void>;
  /** The next of these calls is carried out, and the connection breaks before its answer. */
  loseAnswer?(calls: Calls): Promise<void>;
  /** The next of these calls is carried out, and its answer ends in the middle. */
  cutAnswer?(calls: Calls): Promise<void>;
  /** The connection breaks before the next of these calls is carried out. */
  refuseConnection?(calls: Calls): Promise<void>;
  readonly webhooks?: WebhookHarness;
  readonly streaming?: StreamHarness;
  close(): Promise<void>;
}

/** Webhooks as the vendor sends them, before anybody received them. */
export interface WebhookHarness {
  /** What the connector verifies with. */
  readonly secrets: unknown;
  /** Well-formed, and not those of this system. */
  readonly wrongSecrets: unknown;
  /** What was sent since the last call, oldest first: signed, addressed, stamped now. */
  take(): Promise<readonly WebhookRequest[]>;
  /** The same once more, as the vendor sends it when it was not taken the first time. */
  again(request: WebhookRequest): Promise<WebhookRequest>;
}

/** What goes wrong with what a system tells by itself. */
export interface StreamHarness {
  /** The system no longer has what it told until now; a position that old is refused. */
  forget(): Promise<void>;
  /** The system says that it left changes of the object out. */
  overflow(object: string): Promise<void>;
  /** The connections of those who listen break. */
  cut(): Promise<void>;
}

/** What a rule may need. The first ones are the connector's, found by presence. */
export const CONNECTOR_ABILITIES = ['read', 'push', 'webhook', 'stream'] as const;
export const SPECIMEN_ABILITIES = ['refused', 'unique'] as const;
export const HARNESS_ABILITIES = [
  'remove',
  'restore',
  'merge',
  'link',
  'addProperty',
  'spoil',
  'throttle',
  'expire',
  'revoke',
  'loseAnswer',
  'cutAnswer',
  'refuseConnection',
  'webhooks',
  'streaming',
] as const satisfies readonly (keyof Harness)[];

export type ConnectorAbility = (typeof CONNECTOR_ABILITIES)[number];
export type SystemAbility = (typeof SPECIMEN_ABILITIES)[number] | (typeof HARNESS_ABILITIES)[number];
/**
 * What is there unless `cannot` says otherwise. `stale`: webhooks carry a time, by which an old one is told from a new
 * one. `own`: events tell the connector's own writes from others.
 */
type Assumed = 'stale' | 'own';
export type Ability = ConnectorAbility | SystemAbility | Assumed;
export type Cannot = Readonly<Partial<Record<SystemAbility | Assumed, string>>>;

/** Returns its argument; helps the editor. */
export function defineConformance(target: ConformanceTarget): ConformanceTarget {
  return target;
}
