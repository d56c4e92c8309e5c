import type { Outcome } from './run.js';
import type { Action } from './plan/steps.js';

const MOST_SHOWN = 12;

/** One line for a seed that passed; for one that failed all that is needed to run it again and to look into it. */
export function describeOutcome(
  { plan, violations, seconds, folder }: Outcome,
  counterparts: string | undefined,
): string {
  const passed = violations.length === 0;
  const line = `seed ${String(plan.seed)} ${passed ? 'passed' : 'FAILED'} in ${seconds.toFixed(1)} s: ${counts(plan.steps)}`;
  if (passed) return line;
  const shown = violations.slice(0, MOST_SHOWN).map(({ check, what }) => `  ${check}: ${what}`);
  const more = violations.length - shown.length;
  return [
    line,
    ...shown,
    ...(more > 0 ? [`  and ${String(more)} more`] : []),
    `  logs and story: ${folder}`,
    `  again: npm run chaos -- --seed ${String(plan.seed)}${counterparts === undefined ? '' : ` --counterparts ${counterparts}`}`,
  ].join('\n');
}

function counts(steps: readonly Action[]): string {
  const of = (...kinds: readonly Action['do'][]): number =>
    steps.filter((step) => kinds.includes(step.do)).length;
  const edits = of('edit', 'create', 'delete', 'merge', 'link', 'rename');
  return [
    `${String(edits)} edits`,
    `${String(of('fault', 'expire'))} faults`,
    `${String(of('kill'))} processes killed`,
    `PostgreSQL down ${of('database') === 0 ? 'never' : 'once'}`,
  ].join(', ');
}
