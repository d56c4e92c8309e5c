/**
 * Glossary of what crosses the border between a connector and the hub.
 *
 * object       a kind of record in a system, by the connector's own name: `contact`, `account`
 * entity       the canonical kind an object is mapped to: `customer`, `account`, `deal`
 * external id  the id one system gives one record; always a string, never a number
 * property     a field by the system's own name: `MailingCity`, `jobtitle`
 * version      an opaque mark of a record's state; equal versions mean an unchanged record
 * tombstone    the news that a record is gone: deleted, or merged into another one
 */
import type { JsonValue } from './json.js';

/** The canonical kinds of record. */
export type Entity = 'customer' | 'account' | 'deal';

/**
 * The value of a property that points at another record of the same system.
 * `object` is the connector's own object name (`account`), `id` the external id there.
 */
export interface RecordRef {
  readonly ref: { readonly object: string; readonly id: string };
}

/**
 * Properties by the system's own names. Values are plain JSON decoded from the system's encoding:
 * numbers are numbers, yes/no is a boolean, a multi-select is an array of strings, a date without time is
 * `YYYY-MM-DD`, an instant is ISO 8601 in UTC, a link is a {@link RecordRef}, several links are an array of them. A
 * number that JSON cannot hold exactly (money with many digits) is its decimal text. `null` means blank. A property
 * that is not there at all was not read: it says nothing.
 */
export type PropertyValues = Readonly<Record<string, JsonValue>>;

export interface FormerValue {
  readonly value: JsonValue;
  /** ISO 8601 in UTC, by the system's own clock: when it was written. */
  readonly at: string;
}

/** One record as one system holds it now. */
export interface SourceRecord {
  readonly id: string;
  readonly values: PropertyValues;
  /** ISO 8601 in UTC, by the system's own clock: when the record last changed. */
  readonly modifiedAt: string;
  /** ISO 8601 in UTC; when the record was made there, where the system says so. */
  readonly createdAt?: string;
  /** Per property, the system's own time of its last change, where the system keeps one (ISO 8601, UTC). */
  readonly times?: Readonly<Record<string, string>>;
  /**
   * Per property, the value that stood there before the present one, where the system keeps a history: what somebody
   * wrote just before the hub wrote over it shows in it.
   */
  readonly former?: Readonly<Record<string, FormerValue>>;
  /** Opaque; equal to the stored one means nothing changed. Leave out when the system has no reliable mark. */
  readonly version?: string;
  /** Page a human can open. */
  readonly url?: string;
  /**
   * Only these values were looked at, by other means than reading the record: it may be gone. Where they differ from
   * what the hub holds, the record itself is read.
   */
  readonly partial?: true;
}

/** A record that is gone. With `mergedInto`, the id of the record that now stands for it. */
export interface Tombstone {
  readonly id: string;
  /** ISO 8601 in UTC, by the system's clock, where known. */
  readonly deletedAt?: string;
  readonly mergedInto?: string;
}

/** A record that was there but could not be understood; becomes a sync issue, never stops the page. */
export interface UnreadableRecord {
  /** External id where one could be read, else a place: `line 17`. */
  readonly id: string;
  /** For the ops admin: what is wrong and where. */
  readonly message: string;
  readonly remedy: string;
  readonly property?: string;
}
