import type { Ability } from './harness.js';
import type { Bench } from './bench.js';

export type Side = 'read' | 'write' | 'webhook' | 'stream';

/** One promise of a connector, and how to see whether it keeps it. */
export interface Rule {
  /** Stable. */
  readonly id: string;
  readonly side: Side;
  /** What holds, in a sentence. */
  readonly sentence: string;
  /** Where to look when it does not hold. */
  readonly remedy: string;
  /** Without one of these it does not apply. */
  readonly needs: readonly Ability[];
  /** Throws {@link RuleBroken}; resolves when the rule holds. */
  check(bench: Bench): Promise<void>;
}

/** The rule does not hold. `message` is the cause; the remedy is the rule's unless there is a better one. */
export class RuleBroken extends Error {
  readonly remedy: string | undefined;

  constructor(cause: string, remedy?: string) {
    super(cause);
    this.name = 'RuleBroken';
    this.remedy = remedy;
  }
}

/** The cause is only worded when it is needed. */
export function must(holds: boolean, cause: () => string): asserts holds {
  if (!holds) throw new RuleBroken(cause());
}

/** Compares as JSON does, whatever the order of properties. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A value for a cause: short, on one line. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing at all' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 60)}… (${String(text.length)} characters)` : text;
}

/** `17 of 20: 3, 9, 12, …`; for lists of ids in causes. */
export function listed(ids: readonly string[]): string {
  return `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}`;
}
