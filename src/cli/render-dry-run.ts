import type { DryRun, SampleWrite } from '../sync/dry-run.service.js';
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
    for (const sample of part.samples) {
      lines.push('', `${part.connection} ${part.object}: ${headline(sample)}`);
      for (const { field, from, to } of sample.fields) {
        lines.push(
          sample.operation === 'create'
            ? `  ${field}: ${show(to)}`
            : `  ${field}: ${show(from)} → ${show(to)}`,
        );
      }
    }
  }
  for (const problem of result.problems) {
    lines.push('', `${problem.connection} could not be read: ${problem.message}`, `  ${problem.remedy}`);
  }
  lines.push('', 'Nothing was changed.');
  return lines.join('\n');
}

function headline({ operation, externalId, title, goldenId }: SampleWrite): string {
  const name = title === '' ? goldenId : title;
  return operation === 'create' ? `would make ${name}` : `would ${operation} ${externalId ?? ''} (${name})`;
}
