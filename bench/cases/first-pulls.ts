/** First pull at growing sizes: speed beside the plain upsert, flatness, memory, and statements a page. */
import type { Bench } from '../bench.js';
import type { Figure } from '../figures.js';
import type { Statement } from '../support/postgres.js';
import { countOf } from '../support/statements.js';
import { firstPull, type FirstPull } from './first-pull.js';

const SIZES = [10_000, 100_000];
const LARGE = 1_000_000;
const DEAREST = 40;

export async function firstPulls(bench: Bench): Promise<readonly Figure[]> {
  const sizes = bench.records === undefined ? [...SIZES, ...(bench.full ? [LARGE] : [])] : [bench.records];
  const pulls: FirstPull[] = [];
  for (const records of sizes) {
    bench.tell(`first pull of ${String(records)} from ${bench.vendor}`);
    const found = await firstPull(bench.postgres, {
      vendor: bench.vendor,
      records,
      profileTo: bench.profile,
    });
    pulls.push(found);
    if (bench.statements) found.all.slice(0, DEAREST).map(lineOf).forEach(bench.tell);
  }
  const [smallest] = pulls;
  const largest = pulls.at(-1);
  if (smallest === undefined || largest === undefined) return [];
  return [
    ...pulls.flatMap(figuresOf),
    ...(pulls.length > 1 ? growth(smallest, largest) : []),
    statementsAPage(smallest, largest),
  ];
}

function lineOf({ query, calls, ms }: Statement): string {
  const text = query.replace(/\s+/g, ' ').slice(0, 150);
  return `${String(calls).padStart(6)} ${ms.toFixed(1).padStart(9)} ms ${text}`;
}

function figuresOf(pull: FirstPull): readonly Figure[] {
  const { records, seconds, referenceSeconds } = pull;
  const name = `first pull, ${String(records)} from ${pull.vendor}`;
  const processors = `${name}, processor time`;
  return [
    {
      name,
      value: records / seconds,
      unit: 'records/s',
      aim: { atLeast: 8_000, share: 0.15 },
      reference: { what: 'plain upsert', value: records / referenceSeconds },
    },
    { name: `${processors} of the hub`, value: pull.cpu.hub, unit: 'µs a record' },
    { name: `${processors} of PostgreSQL`, value: pull.cpu.postgres, unit: 'µs a record' },
    { name: `${processors} of the sandbox`, value: pull.cpu.sandbox, unit: 'µs a record' },
    { name: `${name}, peak memory`, value: pull.peakMemoryMiB, unit: 'MiB', aim: { atMost: 300 } },
  ];
}

function growth(smallest: FirstPull, largest: FirstPull): readonly Figure[] {
  const sizes = `${String(largest.records)} against ${String(smallest.records)}`;
  const perRecord = ({ seconds, records }: FirstPull): number => seconds / records;
  const perReference = ({ referenceSeconds, records }: FirstPull): number => referenceSeconds / records;
  return [
    {
      name: `first pull, time per record, ${sizes}`,
      value: perRecord(largest) / perRecord(smallest),
      unit: 'times',
      aim: { atMost: 1.3 },
      reference: { what: 'plain upsert', value: perReference(largest) / perReference(smallest) },
    },
    {
      name: `first pull, peak memory, ${sizes}`,
      value: largest.peakMemoryMiB / smallest.peakMemoryMiB,
      unit: 'times',
      aim: { atMost: 1.3 },
    },
  ];
}

/** What a page more costs; with one size all of the run's statements are laid on its pages. */
function statementsAPage(smallest: FirstPull, largest: FirstPull): Figure {
  const of = ({ all }: FirstPull): number => countOf(all);
  const isOne = smallest === largest;
  const statements = isOne ? of(smallest) : of(largest) - of(smallest);
  const pages = isOne ? smallest.calls : largest.calls - smallest.calls;
  return {
    name: 'first pull, SQL statements a page',
    value: statements / Math.max(1, pages),
    unit: 'statements',
    aim: { atMost: 10 },
    ...(isOne && { note: 'of one size: the start and the end of the run are in it' }),
  };
}
