import { show } from '../cli/output.js';
import type { Difference, Proof } from './proof.js';
import { count, wrapped, type Screen } from './screen.js';

const UNEXPLAINED = 'THE HUB DOES NOT SAY WHY';

/** The proof in words: the line to look at, then what differs and why. */
export function showProof(screen: Screen, proof: Proof, titles: ReadonlyMap<string, string>): void {
  const { compared, identical, values, differences, absences, unlinked } = proof;
  screen.line(
    `  ${compared.toLocaleString('en')} linked records compared on ${values.toLocaleString('en')} values: ` +
      `${identical.toLocaleString('en')} identical, ${(compared - identical).toLocaleString('en')} not, in ${count(differences.length, 'field')}.`,
  );
  const missing = absences.filter((one) => one.issue === undefined);
  const causes = Map.groupBy(differences, ({ field, issue }) => `${field}: ${issue?.message ?? UNEXPLAINED}`);
  for (const [cause, alike] of causes) {
    screen.line(`  ${String(alike.length).padStart(4)} × ${cause}`);
    const [example] = alike;
    if (example !== undefined) screen.line(wrapped(`such as ${differing(example, titles)}`, 9));
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

function differing({ values }: Difference, titles: ReadonlyMap<string, string>): string {
  return values
    .map(
      ({ connection, id, value }) =>
        `${titles.get(connection) ?? connection} ${id}: ${shortened(show(value))}`,
    )
    .join(', ');
}

function shortened(text: string): string {
  if (text === '(blank)') return 'nothing';
  return text.length > 48 ? `"${text.slice(0, 30)}…" (${String(text.length)} characters)` : `"${text}"`;
}
