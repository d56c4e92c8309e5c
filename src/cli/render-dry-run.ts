import type { DryRun, DryRunCalls } from '../sync/dry-run.service.js';
import type { SampleWrite } from '../sync/sample-write.js';
import { show, showTime, table } from './output.js';

/** What a sync would do: a table, then samples field by field. */
export function renderDryRun(result: DryRun): string {
  const lines = [
    table(
      ['connection', 'object', 'read', 'create', 'update', 'archive', 'calls to read', 'calls to write'],
      result.parts.map((part) => [
        part.connection,
        part.object,
        part.read,
        part.creates,
        part.updates,
        part.archives,
        part.readCalls,
        part.writeCalls,
      ]),
    ),
  ];
  for (const calls of result.calls) lines.push('', callsLine(calls));
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

function callsLine({ connection, read, write, left, endsAt }: DryRunCalls): string {
  const needed = `${connection} takes about ${String(read + write)} API calls (${String(read)} to read, ${String(write)} to write)`;
  const end = `it would be done by ${showTime(endsAt)} (UTC)`;
  if (left === null) return `${needed}; ${end}.`;
  const enough =
    read + write <= left ? '' : ' The rest waits and goes on by itself as calls are to be had again.';
  return `${needed}; ${String(left)} are left of the hub's share today; ${end}.${enough}`;
}

function headline({ operation, externalId, title, goldenId }: SampleWrite): string {
  const name = title === '' ? goldenId : title;
  return operation === 'create' ? `would make ${name}` : `would ${operation} ${externalId ?? ''} (${name})`;
}
