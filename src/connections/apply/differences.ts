/** How two documents differ, leaf by leaf, in a form that can be shown. Pure. */
import { printPath, type ConfigPath } from '../../platform/config/problem.js';

/** One thing that reads differently; null where there was, or is, nothing. */
export interface Difference {
  /** `settings.loginUrl`, `sync.customer.create` */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** By path. `hidden` names places whose values are not to be shown: that they differ is. */
export function differences(
  before: unknown,
  after: unknown,
  hidden: (path: ConfigPath) => boolean = () => false,
): readonly Difference[] {
  const [old, now] = [new Map(leaves(before, [])), new Map(leaves(after, []))];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => {
      const steps = JSON.parse(path) as ConfigPath;
      const show = (value: string | undefined): string | null =>
        value === undefined ? null : hidden(steps) ? HIDDEN : value;
      return { path: printPath(steps), before: show(old.get(path)), after: show(now.get(path)) };
    });
}

const HIDDEN = '(hidden)';

function leaves(value: unknown, path: ConfigPath): [string, string][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((member, index) => leaves(member, [...path, index]));
  if (typeof value !== 'object') return [[JSON.stringify(path), JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]));
}

/** Equal whatever the order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  );
}
