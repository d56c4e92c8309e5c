/** The candidate that somebody who wrote `given` most likely meant; undefined when none is near. */
export function nearest(given: string, candidates: Iterable<string>): string | undefined {
  const wanted = given.slice(0, LONGEST).toLowerCase();
  let best: string | undefined;
  // A third of the letters may differ, so that short names are not taken for each other.
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.slice(0, LONGEST).toLowerCase());
    if (distance < least && distance < Math.max(wanted.length, candidate.length)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** No name we know is longer; a longer one need not be compared to its end. */
const LONGEST = 100;

/** Letters to add, drop, replace, or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(value);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** ` Did you mean "x"?`, or what there is to choose from, or nothing. */
export function suggestion(given: string | undefined, all: readonly string[]): string {
  const candidates = [...new Set(all)];
  const near = given === undefined ? undefined : nearest(given, candidates);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (candidates.length === 0) return 'Remove it.';
  const shown = candidates.slice(0, 20).join(', ');
  return `Use one of: ${shown}${candidates.length > 20 ? ', …' : ''}.`;
}
