import { membersOf } from '../claims/index.js';
import type { FieldRule } from './rules.js';
import type { ClaimRef, Contender, GoldenField } from './survive.js';

/** What one source says of one link. */
interface Statement {
  readonly by: Contender;
  readonly there: boolean;
}

/**
 * Lists of links survive link by link, each by the rule of the field: a link is there when the statement that wins says
 * so. Who never held a link says nothing of it, so that nobody's link goes because another system has not got it.
 */
export function surviveLinks(
  rule: FieldRule,
  all: readonly Contender[],
  compare: (a: Contender, b: Contender) => number,
): GoldenField | undefined {
  const byLink = new Map<string, Statement[]>();
  for (const contender of all) {
    for (const { ref, at, there } of membersOf(contender.claim)) {
      if (typeof ref !== 'string') continue;
      const list = byLink.get(ref) ?? [];
      list.push({ by: { ...contender, at }, there });
      byLink.set(ref, list);
    }
  }
  const value: string[] = [];
  const removed: string[] = [];
  const losers = new Map<string, ClaimRef>();
  const won: Contender[] = [];
  for (const link of [...byLink.keys()].sort()) {
    const ranked = (byLink.get(link) ?? []).sort((a, b) => kept(rule, a, b) || compare(a.by, b.by));
    const [winner] = ranked;
    if (winner === undefined) continue;
    (winner.there ? value : removed).push(link);
    won.push(winner.by);
    for (const { by, there } of ranked) {
      if (there !== winner.there) losers.set(`${by.record}@${String(by.at)}`, refOf(by));
    }
  }
  const [winner] = won.sort((a, b) => b.at - a.at || compare(a, b));
  if (winner === undefined) return undefined;
  return {
    value,
    winner: refOf(winner),
    origin: winner.origin,
    rule: rule.rule,
    losers: [...losers.values()],
    ...(removed.length > 0 && { removed }),
  };
}

/** A union never lets go of what anybody holds. */
function kept(rule: FieldRule, a: Statement, b: Statement): number {
  return rule.rule === 'union' ? Number(b.there) - Number(a.there) : 0;
}

function refOf({ record, connection, value, at }: Contender): ClaimRef {
  return { record, connection, value, at };
}
