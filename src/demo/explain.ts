/** Three conflicts in full sentences: who said what and when, who won, and why. */
import { ConnectionsService } from '../connections/connections.service.js';
import { show } from '../cli/output.js';
import { explainField, type ExplainedClaim, type Explanation } from '../customers/explain.js';
import { Database } from '../platform/database/index.js';
import { RulesService } from '../rules/rules.service.js';
import type { Conflict } from './findings.repository.js';
import type { DemoHub } from './hub.js';

const WANTED: readonly { readonly rule: string; readonly field: string }[] = [
  { rule: 'most-recent', field: 'phone' },
  { rule: 'source-priority', field: 'email' },
  { rule: 'most-complete', field: 'jobTitle' },
];

/** One good example of each rule: two systems, two plain values that differ to the eye. */
export async function explainedConflicts(
  hub: DemoHub,
  found: readonly Conflict[],
  titles: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const context = {
    directory: await hub.get(ConnectionsService).directory(),
    rules: (await hub.get(RulesService).current()).survivorship,
  };
  const sentences: string[] = [];
  const told = new Set<string>();
  for (const { rule, field } of WANTED) {
    const candidates = found.filter(
      (one) =>
        !told.has(one.goldenId) &&
        one.rule === rule &&
        one.field === field &&
        one.losers.some((loser) => loser !== one.winner),
    );
    for (const conflict of candidates.slice(0, 50)) {
      const explanation = await explainField(
        hub.get(Database),
        { id: conflict.goldenId, field: conflict.field },
        context,
      );
      const sentence = tell(conflict, explanation, titles);
      if (sentence === undefined) continue;
      sentences.push(sentence);
      told.add(conflict.goldenId);
      break;
    }
  }
  return sentences;
}

/** undefined when it is no clear case of one against one. */
function tell(
  conflict: Conflict,
  { title, value, claims, rule }: Explanation,
  titles: ReadonlyMap<string, string>,
): string | undefined {
  const winner = claims.find((claim) => claim.standing === 'winner');
  const loser = claims.find((claim) => claim.standing === 'lost');
  if (winner === undefined || loser === undefined || claims.length !== 2) return undefined;
  const name = (connection: string): string => titles.get(connection) ?? connection;
  // Nobody reads a sentence around a value that is a paragraph.
  if (show(value).length > 60) return undefined;
  const because = REASONS[rule.rule]?.(name(winner.connection), rule.order.map(name)) ?? winner.reason;
  return (
    `${title} of ${conflict.title}: ${name(loser.connection)} says "${show(loser.value)}" ${when(loser)}, ` +
    `${name(winner.connection)} says "${show(winner.value)}" ${when(winner)}. ` +
    `${name(winner.connection)} wins, ${because}; ${name(loser.connection)} was given its value.`
  );
}

const REASONS: Readonly<Record<string, (winner: string, order: readonly string[]) => string>> = {
  'most-recent': () => 'because the rule here is most-recent and its word is the later one',
  'source-priority': (_, order) =>
    `because the rule here is source-priority: ${order.join(' before ')}, whatever the dates`,
  'most-complete': () => 'because the rule here is most-complete and it says more, whatever the dates',
};

function when({ at, origin }: ExplainedClaim): string {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(at));
  return origin === 'first' ? `(by ${day} at the latest)` : `(since ${day})`;
}
