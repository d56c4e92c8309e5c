/** Everything a connector may do comes through this one argument. A fake one tests it. */

/** A call as the metered client takes it; `bucket` names the rate limit it counts against. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly bucket?: string;
  /** Give up after so long without a complete answer; 60,000 ms unless told. */
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Metered, rate-limited HTTP. Never retries: what may be sent again only the connector knows. Rejects with
 * {@link TransportError} when no complete answer came, and with a {@link ConnectorError} of kind `throttled`, nothing
 * sent, when the hub's share of the day's calls is used up: let that one pass. Measures the clock offset from each
 * `Date` header.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Nothing of this bucket is sent before the instant given (ms, hub's clock): what a 429 asked for. */
  pause(bucket: string, until: number): void;
  /**
   * An instant of the hub's clock by the system's own, both ms: rather too early than too late, so that what is read
   * from there on misses nothing.
   */
  serverTime(at: number): number;
}

/** No complete answer. `sent` tells whether the system may have received, and applied, the request. */
export class TransportError extends Error {
  readonly code: 'refused' | 'reset' | 'timeout' | 'aborted' | 'unreachable';
  readonly sent: boolean;

  constructor(init: { code: TransportError['code']; sent: boolean; message: string; cause?: unknown }) {
    super(init.message, { cause: init.cause });
    this.name = 'TransportError';
    this.code = init.code;
    this.sent = init.sent;
  }
}

export interface Clock {
  /** ms since 1970, hub's clock. */
  now(): number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number): Promise<void>;
}

/** Structured; fields must hold no personal data and no secrets. Ids and counts are fine. */
export interface Log {
  debug(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
  info(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
  warn(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
}

/** What the hub already holds of this connection; lets a pull skip what it need not read again. */
export interface KnownRecords {
  /** Stored versions by external id, for the ids given; ids not held, or without version, are left out. */
  versions(object: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** External ids of live records in id order (by code unit), after the one given. */
  ids(object: string, after: string | null, limit: number): Promise<readonly string[]>;
}

export interface ConnectorContext<Settings = unknown, Credentials = unknown> {
  /** The connection's name, for messages. */
  readonly connection: string;
  readonly settings: Settings;
  readonly credentials: Credentials;
  /** Keeps refreshed credentials (a new refresh token) encrypted; the next context has them. */
  saveCredentials(credentials: Credentials): Promise<void>;
  /** A place for what may be forgotten at any time (an access token, a describe), in memory, per connection. */
  readonly cache: Map<string, unknown>;
  readonly http: HttpClient;
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly known: KnownRecords;
}
