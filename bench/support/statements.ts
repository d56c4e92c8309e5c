import type { Statement } from './postgres.js';

/** Of transactions, and of the job queue looking for work by the clock. */
const NOT_OF_THE_WORK = /^(?:begin|commit|rollback|set|listen)\b|_private_/i;

/** How many statements the work itself took. */
export function countOf(statements: readonly Statement[]): number {
  return statements
    .filter(({ query }) => !NOT_OF_THE_WORK.test(query))
    .reduce((sum, { calls }) => sum + calls, 0);
}
