import { CustomersService } from '../../customers/customers.service.js';
import type { Explanation } from '../../customers/explain.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { findOne } from '../find-customer.js';
import { withHub } from '../hub.js';
import { show, type Output } from '../output.js';

export async function explain(query: string, field: string, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const explanation = await hub.get(CustomersService).explain({ id: await findOne(hub, query), field });
    output.result(explanation, () => renderExplanation(explanation));
    return EXIT.done;
  });
}

export function renderExplanation({
  field,
  value,
  rule,
  summary,
  undecided,
  pending,
  claims,
}: Explanation): string {
  const order = rule.order.length === 0 ? '' : `: ${rule.order.join(', then ')}`;
  return [
    `${field} is ${show(value)}`,
    `  ${summary}`,
    `  Rule: ${rule.rule}${order}; blanks ${rule.blanks === 'win' ? 'count' : 'are ignored'}.`,
    ...(undecided ? ['  Systems differ and nobody has decided: edit the field in the hub to decide.'] : []),
    ...(pending ? ['  It was computed just now; the stored record follows in a moment.'] : []),
    ...claims.flatMap(({ connection, object, externalId, value: said, standing, reason, timeNote }) => [
      '',
      `${STANDING[standing]} ${connection} ${object} ${externalId}: ${show(said)}`,
      `  ${reason}`,
      ...(reason.includes('upper bound') ? [] : [`  ${timeNote}`]),
    ]),
  ].join('\n');
}

const STANDING = {
  winner: 'won  ',
  agrees: 'same ',
  contributes: 'part ',
  lost: 'lost ',
  'not-counted': '(out)',
} as const satisfies Record<Explanation['claims'][number]['standing'], string>;
