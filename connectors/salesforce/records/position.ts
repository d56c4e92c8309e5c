/** The order of rows by (SystemModstamp, Id). */
import type { Position } from '../config.js';

export function before(a: Position, b: Position): boolean {
  return a.stamp < b.stamp || (a.stamp === b.stamp && a.id < b.id);
}

export function later(a: Position | null, b: Position): Position {
  return a !== null && before(b, a) ? a : b;
}
