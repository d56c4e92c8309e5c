import type { DryRun } from '../sync/dry-run.service.js';
import type { SampleWrite } from '../sync/sample-write.js';
import { show, table } from './output.js';

/** What a sync would do: a table, then samples field by field. */
export function renderDryRun(result: DryRun): string {
  const lines = [
    table(
      ['connection', 'object', 'read', 'create', 'update', 'archive', 'API calls to write'],
      result.parts.map((part) => [
        part.connection,
        part.object,
        part.read,
        part.creates,
        part.updates,
        part.archives,
        part.calls,
      ]),
    ),
  ];
  for (const part of result.parts) {
    lines.push(...renderSamples(`${part.connection} ${part.object}`, part.samples));
  }
  for (const problem of result.problems) {
    lines.push('', `${problem.connection} could not be read: ${problem.message}`, `  ${problem.remedy}`);
  }
  lines.push('', 'Nothing was changed.');
  return lines.join('\n');
}

/** Each write field by field: what it says now, what it would say, and whose word that is. */
export function renderSamples(where: string, samples: readonly SampleWrite[]): string[] {
  return samples.flatMap((sample) => [
    '',
    `${where}: ${headline(sample)}`,
    ...sample.fields.map(({ field, from, to, rule, winner }) => {
      const change = sample.operation === 'create' ? show(to) : `${show(from)} → ${show(to)}`;
      return `  ${field}: ${change}${rule === null || winner === null ? '' : ` (${rule}: ${winner})`}`;
    }),
  ]);
}

function headline({ operation, externalId, title, goldenId }: SampleWrite): string {
  const name = title === '' ? goldenId : title;
  return operation === 'create' ? `would make ${name}` : `would ${operation} ${externalId ?? ''} (${name})`;
}
