/** What one push asks of the system, and what became of it. Returned, never thrown: the other records go on. */
import type { PropertyValues } from './record.js';

/** Make a record that stands for one canonical record. */
export interface CreateOperation {
  readonly kind: 'create';
  /** Identifies the operation within the batch. */
  readonly key: string;
  /**
   * The canonical record's id, stable over retries: what a connector writes to the hub's external-id property
   * where the system has one, so that the create becomes an upsert.
   */
  readonly hubId: string;
  readonly values: PropertyValues;
  /**
   * Set when an earlier attempt to make this record, with these very values, may have been applied and its answer
   * lost: ISO 8601, hub's clock, start of that attempt. Then nothing is to be made: the connector looks the record up
   * (hub's id, e-mail, or the same values made since) and answers `stored` with what it found, `gone` when there is
   * none, or `retry` with a `retryAt` when it cannot tell yet (an index that lags, a call that may still be at work).
   */
  readonly uncertainSince?: string;
}

/** Bring a record up to the golden record. Only properties that differ are given. `null` clears. */
export interface UpdateOperation {
  readonly kind: 'update';
  readonly key: string;
  readonly id: string;
  readonly hubId: string;
  readonly values: PropertyValues;
  /** What the hub last saw there for the same properties. */
  readonly previous: PropertyValues;
}

/** Delete or archive a record, as the system does it so that a person can bring it back. */
export interface ArchiveOperation {
  readonly kind: 'archive';
  readonly key: string;
  readonly id: string;
}

/** Forget a person: remove the record for good. */
export interface EraseOperation {
  readonly key: string;
  readonly id: string;
}

export type PushOperation = CreateOperation | UpdateOperation | ArchiveOperation;

/** Why one property, or the whole record, was refused. */
export interface Rejection {
  readonly code: string;
  /** The property at fault, where the system names it. */
  readonly property?: string;
  /** For the ops admin, without the value itself. */
  readonly message: string;
  readonly remedy: string;
  /** The vendor's own words. */
  readonly detail?: string;
}

export type PushOutcome =
  /**
   * Applied. `values` are the properties as the system stored them (after trimming, lower-casing, …): for an update
   * at least the written ones, for a create all of `PushRequest.properties`, so that what the system filled in by
   * itself (an owner, a default stage) is not taken for somebody's word.
   */
  | {
      readonly key: string;
      readonly status: 'stored';
      readonly id: string;
      readonly values: PropertyValues;
      /** By the system's clock, where the answer says so. */
      readonly modifiedAt?: string;
      readonly version?: string;
      /** True when an existing record was found instead of a new one being made. */
      readonly found?: boolean;
    }
  /** Another record stands in the way: a unique value is taken, a duplicate rule fired. The hub looks at it. */
  | {
      readonly key: string;
      readonly status: 'conflict';
      readonly existingId?: string;
      readonly property?: string;
      readonly message: string;
      readonly remedy: string;
      readonly detail?: string;
    }
  /** Refused for what it is. The hub pushes the rest without the properties named, if any are. */
  | { readonly key: string; readonly status: 'rejected'; readonly rejections: readonly Rejection[] }
  /** The record is gone (deleted, or merged into another); of a create that is looked up: there is none. */
  | { readonly key: string; readonly status: 'gone'; readonly mergedInto?: string }
  /** Not applied, may pass later. `retryAt` is ms since 1970 by the hub's clock. */
  | {
      readonly key: string;
      readonly status: 'retry';
      readonly code: string;
      readonly message: string;
      readonly retryAt?: number;
    }
  /** Sent, and no answer came: it may or may not have been applied. */
  | { readonly key: string; readonly status: 'unknown'; readonly message: string };

export type PushStatus = PushOutcome['status'];

export type EraseOutcome =
  /** Gone for good, or about to be without anybody's doing. */
  | { readonly key: string; readonly status: 'erased' }
  /** Deleted so that a person can still bring it back: what is missing for more, in `note`. */
  | { readonly key: string; readonly status: 'archived'; readonly note: string }
  /** It was not there any more. */
  | { readonly key: string; readonly status: 'gone' }
  /** Refused: a person must act; it is tried again from time to time. */
  | {
      readonly key: string;
      readonly status: 'rejected';
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
    }
  /** Not done, or not known to be done; may pass later. `retryAt` is ms since 1970 by the hub's clock. */
  | {
      readonly key: string;
      readonly status: 'retry';
      readonly code: string;
      readonly message: string;
      readonly retryAt?: number;
    };
