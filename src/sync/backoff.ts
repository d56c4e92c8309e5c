const FIRST_MS = 500;
const LONGEST_MS = 5 * 60_000;

/** Attempts after which a failing write becomes a sync issue; it is still tried again. */
export const ATTEMPTS_BEFORE_ISSUE = 7;

/** How long to wait after so many failed attempts, ms: doubling, with jitter so that many do not come back at once. */
export function backoff(attempts: number): number {
  const full = Math.min(FIRST_MS * 2 ** attempts, LONGEST_MS);
  return full / 2 + (Math.random() * full) / 2;
}
