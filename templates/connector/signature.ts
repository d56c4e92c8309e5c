/** HMAC-SHA256 over time, address and body, in hex. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Signed {
  /** ms since 1970, as text. */
  readonly timestamp: string;
  readonly url: string;
  readonly rawBody: Uint8Array;
}

export function sign({ timestamp, url, rawBody }: Signed, signingKey: string): string {
  return createHmac('sha256', signingKey).update(`${timestamp}\n${url}\n`).update(rawBody).digest('hex');
}

/** In constant time. */
export function isSigned(signed: Signed, signingKey: string, signature: string): boolean {
  const expected = Buffer.from(sign(signed, signingKey));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
