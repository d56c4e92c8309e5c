/**
 * A system that says by itself where to look, over a connection the hub holds open to it. Optional: without it, or
 * while it cannot be had, the system is polled.
 */
import type { z } from 'zod';
import type { ConnectorContext } from './context.js';

export interface StreamRequest<Position> {
  /** What to hear of: objects, and the properties that the mapping reads or writes. */
  readonly objects: readonly { readonly object: string; readonly properties: readonly string[] }[];
  /** Where the last stored batch ended; null begins now. */
  readonly position: Position | null;
}

/** Where to look. As with webhooks, values never come into the hub this way. */
export interface StreamEvent {
  /** Same when the system tells the same event again. */
  readonly dedupeKey: string;
  readonly object: string;
  readonly id: string;
  readonly kind: 'created' | 'changed' | 'deleted';
  /** ISO 8601 in UTC, by the system's clock: when the change was made. */
  readonly occurredAt?: string;
  /**
   * The properties asked for that changed, where the system names them: they changed at `occurredAt`. Empty when only
   * others did. Leave out when it does not say.
   */
  readonly changed?: readonly string[];
  /** Made by a write of this connector. */
  readonly own: boolean;
}

/** Objects of which changes may have gone untold; the hub reads them from their cursors. */
export interface StreamGap {
  readonly objects: readonly string[];
  /** began: there was no position; expired: the system no longer has it; overflow: it says it left some out */
  readonly reason: 'began' | 'expired' | 'overflow';
}

/** Why an object is not heard of, while others are. */
export interface Unheard {
  readonly object: string;
  /** For the ops admin. */
  readonly message: string;
  readonly remedy: string;
}

/** Some events, stored with their position in one transaction: a crash goes on after the last stored batch. */
export interface StreamBatch<Position> {
  readonly events: readonly StreamEvent[];
  readonly position: Position;
  readonly gap?: StreamGap;
  /** With the first batch of a subscription, where that holds for some. */
  readonly unheard?: readonly Unheard[];
}

export interface ConnectorStream<Settings = unknown, Credentials = unknown, Position = unknown> {
  /** Validates a stored position; one that no longer fits begins anew, with a gap. */
  readonly position: z.ZodType<Position>;
  /** Whether these settings want it. */
  wanted(settings: Settings): boolean;
  /**
   * Goes on until the context's signal aborts. The first batch, which may be empty, says that the subscription stands.
   * Throws {@link ConnectorError} when it cannot go on; the hub opens it again later, at the last stored position.
   */
  open(
    ctx: ConnectorContext<Settings, Credentials>,
    request: StreamRequest<Position>,
  ): AsyncIterable<StreamBatch<Position>>;
}
