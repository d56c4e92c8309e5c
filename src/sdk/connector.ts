import type { z } from 'zod';
import type { ConnectorContext } from './context.js';
import type { EraseOperation, EraseOutcome, PushOperation, PushOutcome } from './outcome.js';
import type { CallQuota } from './quota.js';
import type { Entity, SourceRecord, Tombstone, UnreadableRecord } from './record.js';
import type { ConnectorStream } from './stream.js';

/** Raised when the contract changes so that an old connector would misbehave. */
export const SDK_VERSION = 1;

export type Direction = 'pull' | 'push' | 'both' | 'none';

/** One line of a mapping: a canonical field and the property that carries it in this system. */
export interface FieldMapping {
  /** Canonical field: `givenName`, `address.city`, `custom.tier`, `account`. */
  readonly field: string;
  readonly property: string;
  readonly direction: Direction;
  /** Canonical value by the system's value, for lists of choices: `{ "Prospect": "lead" }`. */
  readonly values?: Readonly<Record<string, string>>;
}

export type PropertyType =
  | 'string'
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'choice'
  | 'choices'
  | 'email'
  | 'phone'
  | 'url'
  | 'reference';

/** A property as `discover` finds it. */
export interface PropertyDescription {
  readonly name: string;
  readonly title: string;
  readonly type: PropertyType;
  /** Longest value in characters, where the system has a limit. */
  readonly maxLength?: number;
  readonly options?: readonly { readonly value: string; readonly title: string; readonly active: boolean }[];
  /** Only listed options are taken. */
  readonly restricted?: boolean;
  readonly writable: boolean;
  /** Must be there when a record is made. */
  readonly required: boolean;
  readonly unique?: boolean;
  readonly custom: boolean;
  /** For references: object names pointed at. */
  readonly references?: readonly string[];
}

export interface ObjectDescription {
  readonly object: string;
  readonly title: string;
  readonly properties: readonly PropertyDescription[];
}

/** An object the connector knows. */
export interface ObjectDeclaration {
  readonly object: string;
  readonly title: string;
  readonly entity: Entity;
  /** What the hub does unless the configuration says otherwise. */
  readonly mapping: readonly FieldMapping[];
  /** Canonical fields of which the system wants at least one group complete before it makes a record. */
  readonly requiredToCreate: readonly (readonly string[])[];
  /** Whether new records may be made here; an object that only exists by conversion or for reading says false. */
  readonly creatable: boolean;
  /** Largest number of records in one `read` and in one `push` call of the connector. */
  readonly batch: {
    readonly read: number;
    readonly push: number;
    /** When more than `above` operations of one kind wait, up to `size` come in one push: a large job costs fewer calls. */
    readonly bulk?: { readonly above: number; readonly size: number };
  };
}

export interface PullRequest<Cursor> {
  readonly object: string;
  /** Properties wanted: those the mapping reads. Nothing else need be fetched. */
  readonly properties: readonly string[];
  /** Where the last page ended; null starts from the beginning (a full read). */
  readonly cursor: Cursor | null;
}

/** One page. It is stored with its cursor in one transaction: a crash resumes after the last stored page. */
export interface PullPage<Cursor> {
  readonly records: readonly SourceRecord[];
  readonly tombstones: readonly Tombstone[];
  readonly unreadable?: readonly UnreadableRecord[];
  /** Where to go on after this page. JSON, validated by the connector's `cursor` schema when read back. */
  readonly cursor: Cursor;
  /** Records expected in all, where the system says so: for progress only. */
  readonly total?: number;
  /** Hub's clock (ms) just before the request whose answer this page is. */
  readonly readAt: number;
}

export interface ReadRequest {
  readonly object: string;
  readonly ids: readonly string[];
  readonly properties: readonly string[];
  /**
   * By id: the versions that the hub holds, where most records are likely to be unchanged. Of one that still has its
   * version, the times of its values need not be read again.
   */
  readonly versions?: ReadonlyMap<string, string>;
}

/** Every asked id is in `records`, `tombstones` or `unreadable`: an id that is nowhere is gone. */
export interface ReadResult {
  readonly records: readonly SourceRecord[];
  readonly tombstones: readonly Tombstone[];
  readonly readAt: number;
}

/** Records of people who asked to be forgotten. */
export interface EraseRequest {
  readonly object: string;
  /** At most `batch.push` of the object. */
  readonly operations: readonly EraseOperation[];
}

export interface PushRequest {
  readonly object: string;
  /** At most `batch.push` of the object, or `batch.bulk.size`, each on a record of its own. */
  readonly operations: readonly PushOperation[];
  /** Properties the mapping reads: what a create reports back as stored. */
  readonly properties: readonly string[];
}

/** One line of `check`. */
export interface CheckItem {
  /** Stable: `credentials`, `scopes`, `reach`, `limits`, `hub-id-field`. */
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly message: string;
  /** Present unless ok. */
  readonly remedy?: string;
}

export interface WebhookRequest {
  readonly method: string;
  /** The exact public URI the vendor called: `PUBLIC_URL` plus path and query as received. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Uint8Array;
  /** By the system's clock as far as measured, ms. */
  readonly receivedAt: number;
}

/** Where to look. Webhooks never carry values into the hub. */
export interface WebhookEvent {
  /** Same for a redelivery of the same event. */
  readonly dedupeKey: string;
  readonly object: string;
  readonly id: string;
  readonly kind: 'changed' | 'deleted' | 'merged' | 'erased';
  readonly occurredAt?: string;
}

export type WebhookVerdict =
  | {
      readonly accepted: true;
      readonly events: readonly WebhookEvent[];
      /** Parts not understood. */ readonly ignored: number;
    }
  | {
      readonly accepted: false;
      readonly reason: 'signature' | 'stale' | 'malformed';
      readonly message: string;
    };

/**
 * A connector: a plain value. A capability is there when its function is there; without `push` the system is
 * read only, without `webhook` or `stream` it is polled.
 */
export interface Connector<Settings = unknown, Credentials = unknown, Cursor = unknown, Position = unknown> {
  readonly sdk: typeof SDK_VERSION;
  readonly name: string;
  readonly title: string;
  /** zod object; JSON Schema for forms is made from it. Field facts (title, description, examples) by `.meta()`. */
  readonly settings: z.ZodType<Settings>;
  /** zod object or union; every value in it is a secret or belongs to one, and is stored encrypted. */
  readonly credentials: z.ZodType<Credentials>;
  /** What the `webhooks` part of a connection holds (secrets to verify with). */
  readonly webhookSecrets?: z.ZodType;
  /** Validates a stored cursor; one that no longer fits starts a full read. */
  readonly cursor: z.ZodType<Cursor>;
  /**
   * Objects with default mappings; settings may add or drop some (leads, a CSV's own object). Objects that others
   * point at come first.
   */
  objects(settings: Settings): readonly ObjectDeclaration[];
  /** One thing a second as a vendor counts it; the context holds calls to it. */
  readonly limits?: readonly RateLimit[];
  /** The vendor's limit of calls a day, where it has one. */
  readonly quota?: CallQuota;

  check(ctx: ConnectorContext<Settings, Credentials>): Promise<readonly CheckItem[]>;
  discover(ctx: ConnectorContext<Settings, Credentials>): Promise<readonly ObjectDescription[]>;
  /**
   * Pages of what changed since the cursor, oldest first; ends when there is nothing more now. Must bring every
   * change at least once however often it is stopped and resumed at a page's cursor.
   */
  pull(
    ctx: ConnectorContext<Settings, Credentials>,
    request: PullRequest<Cursor>,
  ): AsyncIterable<PullPage<Cursor>>;
  read?(ctx: ConnectorContext<Settings, Credentials>, request: ReadRequest): Promise<ReadResult>;
  /** One outcome for each operation, in any order. Throws {@link ConnectorError} only if nothing was sent. */
  push?(ctx: ConnectorContext<Settings, Credentials>, request: PushRequest): Promise<readonly PushOutcome[]>;
  /**
   * Removes records for good, as far as the system lets: for people who asked to be forgotten. Doing it again must do
   * no harm: an answer that was lost is asked for again. Without it such records are archived by `push`. Throws
   * {@link ConnectorError} when nothing can be said of any of them.
   */
  erase?(
    ctx: ConnectorContext<Settings, Credentials>,
    request: EraseRequest,
  ): Promise<readonly EraseOutcome[]>;
  /**
   * How a person brings an archived record back in the system, in a sentence or two: the hub cannot, and says so where
   * somebody undoes a run.
   */
  readonly bringBack?: string;
  /** Verify over the raw body in constant time, then say where to look. Pure. */
  webhook?(request: WebhookRequest, secrets: unknown, settings: Settings): WebhookVerdict;
  readonly stream?: ConnectorStream<Settings, Credentials, Position>;
  /** API calls `push` would need for so many operations of one kind, without retries; for the dry run. */
  pushCost?(
    object: string,
    operations: { readonly create: number; readonly update: number; readonly archive: number },
  ): number;
}

/** At most `calls` calls in any `perMs` milliseconds, and `concurrent` at once, for calls whose bucket matches. */
export interface RateLimit {
  /** The name a connector gives with each call; `default` when it gives none. */
  readonly bucket: string;
  readonly calls: number;
  readonly perMs: number;
  readonly concurrent?: number;
}

/** Returns its argument; infers the types. */
export function defineConnector<Settings, Credentials, Cursor, Position = unknown>(
  connector: Connector<Settings, Credentials, Cursor, Position>,
): Connector<Settings, Credentials, Cursor, Position> {
  return connector;
}
