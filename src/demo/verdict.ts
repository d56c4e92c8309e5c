import { show } from '../cli/output.js';
import type { Difference, Proof } from './proof.js';
import { count, wrapped, type Screen } from './screen.js';

const SHOWN = 8;

/** The proof in words: the line to look at, then what differs and why. */
export function showProof(screen: Screen, proof: Proof, titles: ReadonlyMap<string, string>): void {
  const { compared, identical, values, differences, absences, unlinked } = proof;
  screen.line(
    `  ${compared.toLocaleString('en')} linked records compared on ${values.toLocaleString('en')} values: ` +
      `${identical.toLocaleString('en')} identical, ${(compared - identical).toLocaleString('en')} not, in ${count(differences.length, 'field')}.`,
  );
  const unexplained = differences.filter((one) => one.issue === undefined);
  const missing = absences.filter((one) => one.issue === undefined);
  if (differences.length > 0) {
    screen.line(
      `  Differences, each with its sync issue above${unexplained.length > 0 ? ', but for those marked NO ISSUE' : ''}:`,
    );
    for (const difference of [...unexplained, ...differences.filter((one) => one.issue !== undefined)].slice(
      0,
      SHOWN,
    ))
      screen.line(wrapped(`- ${differing(difference, titles)}`, 4));
    if (differences.length > SHOWN)
      screen.line(`    … and ${count(differences.length - SHOWN, 'more', 'more')}`);
  }
  if (absences.length > 0)
    screen.line(
      `  ${count(absences.length, 'record')} could not be made in the other system; ${missing.length === 0 ? 'each has its sync issue above' : `${String(missing.length)} WITHOUT an issue`}.`,
    );
  if (unlinked.length > 0) screen.line(`  ${count(unlinked.length, 'record')} the hub DOES NOT KNOW.`);
  screen.line(
    proof.agreed
      ? '  AGREED: the two systems say the same wherever they are able to.'
      : '  NOT AGREED: the hub owes an explanation for the above.',
  );
}

function differing({ field, values, issue }: Difference, titles: ReadonlyMap<string, string>): string {
  const sides = values.map(
    ({ connection, id, value }) =>
      `${titles.get(connection) ?? connection} ${id} has ${shortened(show(value))}`,
  );
  return `${field}: ${sides.join(', ')} (${issue === undefined ? 'NO ISSUE' : issue.message})`;
}

function shortened(text: string): string {
  return text.length > 40
    ? `"${text.slice(0, 30)}…" (${String(text.length)} characters)`
    : text === '(blank)'
      ? 'nothing'
      : `"${text}"`;
}
