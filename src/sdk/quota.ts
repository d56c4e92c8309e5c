/** A vendor's limit of calls a day: what its answers tell of it. */

/** An answer with the address it came from. */
export interface QuotaAnswer {
  readonly url: string;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What one answer says; what it does not say stays as known. */
export interface QuotaReading {
  /** Calls allowed a day, and those made of them so far, by whatever program. */
  readonly day?: { readonly limit: number; readonly used: number };
  /** The call was refused because the day's calls are used up. */
  readonly exhausted?: boolean;
  /** IANA name of the account's time zone, at whose midnight a calendar day begins. */
  readonly timeZone?: string;
}

/**
 * How a vendor counts calls a day. The hub reads every answer with it, holds itself to its share of the limit, and
 * makes work wait when that is used up: calls then fail with a {@link ConnectorError} of kind `throttled`.
 */
export interface CallQuota {
  /** `calendar`: the count begins anew at midnight of the account. `rolling`: a call counts for 24 hours. */
  readonly day: 'calendar' | 'rolling';
  /** Pure, and quick: it sees every answer. Undefined when the answer says nothing. */
  read(answer: QuotaAnswer): QuotaReading | undefined;
}
