/**
 * Whether `b` is at most `limit` slips away from `a`: a letter left out, put in, mistaken, or two neighbours changed
 * round (optimal string alignment).
 */
export function withinSlips(a: string, b: string, limit: number): boolean {
  if (Math.abs(a.length - b.length) > limit) return false;
  const [x, y] = withoutCommonEnds(a, b);
  if (x.length === 0 || y.length === 0) return Math.max(x.length, y.length) <= limit;
  // What is left of one slip is one letter, or two changed round: most pairs end here.
  if (limit === 1) return (x.length === 1 && y.length === 1) || areTurned(x, y);
  return distance(x, y, limit) <= limit;
}

/** As many slips as a word of this length may hold and still be the same word; short words may hold none. */
export function looksMistyped(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 4) return false;
  return withinSlips(a, b, shorter < 8 ? 1 : 2);
}

function withoutCommonEnds(a: string, b: string): readonly [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

function areTurned(x: string, y: string): boolean {
  return x.length === 2 && y === x.slice(1) + x.slice(0, 1);
}

/** Exact up to `limit`; beyond, only that it is more. */
function distance(a: string, b: string, limit: number): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + cost);
      const turned = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (turned) best = Math.min(best, at(beforeLast, column - 2) + 1);
      current.push(best);
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
