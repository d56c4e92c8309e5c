import type { CheckItem } from '../sdk/index.js';

const SIGN = { ok: '✓', warning: '!', failed: '✗' } as const satisfies Record<CheckItem['status'], string>;

/** What was looked at, a line each, and what to do about what is not well. */
export function renderFindings(heading: string, items: readonly CheckItem[]): string {
  const lines = items.flatMap(({ status, name, message, remedy }) => [
    `  ${SIGN[status]} ${name}: ${message}`,
    ...(status === 'ok' || remedy === undefined ? [] : [`      ${remedy}`]),
  ]);
  return [heading, ...lines].join('\n');
}
