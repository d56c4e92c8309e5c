import { errorCode } from '../error-code.js';

/** Classes and codes of PostgreSQL's: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const STATES = /^(08...|40...|53...|55...|57P..|58...)$/;
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** The driver's own words for a connection that is gone; it gives them no code. */
const WORDS =
  /^(Connection terminated|Client (has encountered|was closed)|timeout exceeded when trying to connect)/;

/**
 * Whether an error of the hub's database comes of the state it is in (away, going down, full, in the way of another
 * transaction) and not of what it was given: the same work succeeds later.
 */
export function isDatabaseTrouble(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return STATES.test(code) || NETWORK.has(code);
  return error instanceof Error && WORDS.test(error.message);
}
