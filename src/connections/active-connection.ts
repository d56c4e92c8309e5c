import type {
  Connector,
  ConnectorError,
  Direction,
  Entity,
  FieldMapping,
  ObjectDeclaration,
} from '../sdk/index.js';
import type { BreakerLimits } from '../core/breaker/index.js';
import type { Condition } from '../core/planning/index.js';

/** What a connection does with one entity. */
export interface EntityPolicy {
  readonly direction: Direction;
  /** Whether customers new to this system are made there. */
  readonly create: boolean;
  /** Only customers that pass all conditions are made there. */
  readonly filter: readonly Condition[];
  /** What a deletion in this system means to the others. */
  readonly onDelete: 'keep' | 'withdraw' | 'archive';
  /** This system holds each person once. */
  readonly unique: boolean;
  /** What the erasure of a person does in this system. */
  readonly onErase: 'delete' | 'archive' | 'keep';
  /** What the erasure of a person in this system means: ask somebody, or erase them everywhere. */
  readonly onErased: 'ask' | 'erase';
  /** From where on a change here waits for a person; false never does. The usual limits unless told. */
  readonly breaker?: BreakerLimits | false | undefined;
}

/** One object of one connection, with the mapping that is in force. */
export interface ObjectSetup {
  readonly declaration: ObjectDeclaration;
  readonly object: string;
  readonly entity: Entity;
  readonly policy: EntityPolicy;
  /** Directions are already narrowed to the policy's; lines that do nothing are left out. */
  readonly mapping: readonly FieldMapping[];
  /** What to ask the system for: what is read, and what is written and must be compared. */
  readonly properties: readonly string[];
  readonly pushOnly: ReadonlySet<string>;
  /** Of the mapping: a cursor made with another one starts a full read. */
  readonly mappingHash: string;
}

/** A configured connection, loaded and ready for use. */
export interface ActiveConnection {
  readonly id: string;
  readonly name: string;
  readonly connector: Connector;
  readonly settings: unknown;
  /** Earlier connections win ties. */
  readonly position: number;
  readonly state: 'active' | 'paused' | 'failed' | 'removed';
  readonly clockOffsetMs: number;
  /** Part of the vendor's limit of calls a day that the hub may use, in percent; null where nobody said. */
  readonly limits: { readonly dailyCallsPercent: number | null };
  readonly schedule: string | null;
  readonly timeZone: string;
  /** Objects that others point at come first. */
  readonly objects: readonly ObjectSetup[];
  /** Why its connector cannot be used: nothing is read or written until that is mended. */
  readonly fault?: ConnectorError;
  /** By which erased people are known again without keeping anything of them. */
  readonly keyedHash: KeyedHash;
}

/** Always the same for the same text; nothing can be told from it without the hub's key. */
export type KeyedHash = (text: string) => string;

export function objectOf(connection: ActiveConnection, object: string): ObjectSetup | undefined {
  return connection.objects.find((setup) => setup.object === object);
}

/** The object that new records of an entity are made as; undefined when none may be made. */
export function creatableObject(connection: ActiveConnection, entity: Entity): ObjectSetup | undefined {
  if (connection.connector.push === undefined) return undefined;
  return connection.objects.find(
    (setup) =>
      setup.entity === entity && setup.policy.create && setup.declaration.creatable && canPush(setup),
  );
}

export function canPush(setup: ObjectSetup): boolean {
  return setup.policy.direction === 'both' || setup.policy.direction === 'push';
}
