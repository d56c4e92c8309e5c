/**
 * What kind of failure it is decides what the hub does:
 *
 * configuration  a person must change settings; no retry until they do
 * credentials    the grant is lost or refused; the connection stops and says so
 * permission     a scope or right is missing; no retry until it is given
 * throttled      the system asks to wait; retried at `retryAt`
 * transient      a passing fault (network, 5xx, lock); retried with backoff
 * rejected       the system refuses this input; an issue, retried when the value changes
 * system         the answer is not what the system documents; an issue for us
 */
export type FailureKind =
  'configuration' | 'credentials' | 'permission' | 'throttled' | 'transient' | 'rejected' | 'system';

export interface ConnectorErrorInit {
  readonly kind: FailureKind;
  /** Stable, upper-case: `INVALID_SESSION_ID`. The vendor's own code where there is one. */
  readonly code: string;
  /** For the ops admin, in plain words, without personal data or secrets. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** For us: the vendor's own words. Shown on demand, never logged with values. */
  readonly detail?: string;
  /** Throttled only: not before this instant (ms since 1970, hub's clock). */
  readonly retryAt?: number;
  readonly cause?: unknown;
}

/** The one error a connector throws. One table per vendor (`errors.ts`) turns the vendor's errors into it. */
export class ConnectorError extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly remedy: string;
  readonly detail: string | undefined;
  readonly retryAt: number | undefined;

  /** A connector from a package of its own may bring its own copy of this class: what it throws counts all the same. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (this !== ConnectorError || !(value instanceof Error)) return false;
    const { kind, code, remedy } = value as Partial<ConnectorError>;
    return KINDS.has(kind) && typeof code === 'string' && typeof remedy === 'string';
  }

  constructor(init: ConnectorErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'ConnectorError';
    this.kind = init.kind;
    this.code = init.code;
    this.remedy = init.remedy;
    this.detail = init.detail;
    this.retryAt = init.retryAt;
  }
}

const KINDS: ReadonlySet<unknown> = new Set<FailureKind>([
  'configuration',
  'credentials',
  'permission',
  'throttled',
  'transient',
  'rejected',
  'system',
]);

/** Whether waiting alone can make it pass. */
export function isRetryable(kind: FailureKind): boolean {
  return kind === 'throttled' || kind === 'transient';
}
