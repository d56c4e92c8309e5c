/** API calls and SQL statements that updates take, each way; what the vendors' largest batches would take beside them. */
import type { Bench } from '../bench.js';
import type { Figure } from '../figures.js';
import { Pair } from '../support/pair.js';
import { countOf } from '../support/statements.js';

const SIZE = 1_000;
const LARGE = 10_000;
const BATCH = { salesforce: 200, hubspot: 100 } as const;
const MOST_CALLS = { salesforce: 5, hubspot: 10 } as const;
const NAMES = { salesforce: 'Salesforce', hubspot: 'HubSpot' } as const;

type Side = keyof typeof BATCH;

export async function updates(bench: Bench): Promise<readonly Figure[]> {
  const records = bench.records ?? (bench.full ? LARGE : SIZE);
  bench.tell(`updates of ${String(records)}, each way`);
  // Changes come by the sync alone: those told one by one would be written one by one.
  const pair = await Pair.start(bench.postgres, { name: 'updates', records, changeEvents: false });
  try {
    await pair.sync();
    await pair.sync();
    const links = await pair.links(records);
    const toSalesforce = await updated(
      pair,
      'salesforce',
      links.map((link) => link.hubspot),
    );
    await pair.sync();
    const toHubSpot = await updated(
      pair,
      'hubspot',
      links.map((link) => link.salesforce),
    );
    return [...toSalesforce, ...toHubSpot];
  } finally {
    await pair.stop();
  }
}

/** A user of the other system edits all of these. */
async function updated(pair: Pair, to: Side, ids: readonly string[]): Promise<readonly Figure[]> {
  const from = to === 'salesforce' ? pair.hubspot : pair.salesforce;
  await from.editTitles(ids, `For ${NAMES[to]}`);
  await pair.database.resetStatements();
  const { calls } = await pair.sync();
  const statements = countOf(await pair.database.statements());
  const per1000 = (count: number): number => (count * 1000) / ids.length;
  const name = `updates to ${NAMES[to]}, per 1,000`;
  const least = { what: 'largest batches', value: per1000(Math.ceil(ids.length / BATCH[to])) };
  return [
    {
      name: `${name}: API calls that write`,
      value: per1000(calls[to].writes),
      unit: 'calls',
      aim: { atMost: MOST_CALLS[to] },
      reference: least,
    },
    {
      name: `${name}: all API calls to it`,
      value: per1000(calls[to].all),
      unit: 'calls',
      reference: least,
      note: 'with those of the same sync that read it',
    },
    { name: `${name}: SQL statements`, value: per1000(statements), unit: 'statements' },
  ];
}
