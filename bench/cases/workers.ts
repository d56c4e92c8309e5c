/** The first sync both ways by one, two and four processes of `rapport worker`, and what holds them up. */
import { availableParallelism } from 'node:os';
import type { Bench } from '../bench.js';
import type { Figure } from '../figures.js';
import { Pair, type Synced } from '../support/pair.js';

const SIZE = 10_000;
const LARGE = 100_000;
const WORKERS = [1, 2, 4];
const AIM_OF_TWO = 1.7;
/** Above this share of its processors something is as fast as it can be. */
const BUSY = 0.9;

export async function workers(bench: Bench): Promise<readonly Figure[]> {
  const records = bench.records ?? (bench.full ? LARGE : SIZE);
  const found: (Synced & { readonly count: number })[] = [];
  for (const count of WORKERS) {
    bench.tell(`first sync of ${String(records)} both ways, worker processes: ${String(count)}`);
    found.push({ count, ...(await syncedBy(bench, count, records)) });
  }
  const alone = found[0]?.seconds ?? Number.NaN;
  return found.flatMap((synced) => {
    const { count, seconds } = synced;
    const name = `first sync both ways, ${String(records)}, worker processes: ${String(count)}`;
    const speed: Figure = {
      name,
      value: records / seconds,
      unit: 'records/s',
      reference: { what: 'one worker', value: records / alone },
      note: limitOf(synced, count),
    };
    if (count === 1) return [speed];
    const ratio: Figure = {
      name: `${name}, against one`,
      value: alone / seconds,
      unit: 'times',
      ...(count === 2 && { aim: { atLeast: AIM_OF_TWO } }),
    };
    return [speed, ratio];
  });
}

async function syncedBy({ postgres }: Bench, count: number, records: number): Promise<Synced> {
  const name = `workers_${String(count)}`;
  const pair = await Pair.start(postgres, { name, records, workers: count });
  try {
    const synced = await pair.sync();
    await pair.links(records);
    return synced;
  } finally {
    await pair.stop();
  }
}

/** By processor time: who had none left. */
function limitOf({ seconds, cpu }: Synced, count: number): string {
  const processors = availableParallelism();
  const share = (ms: number): number => ms / 1000 / seconds;
  const used = {
    hub: share(cpu.hub),
    PostgreSQL: share(cpu.postgres),
    HubSpot: share(cpu.hubspot),
    Salesforce: share(cpu.salesforce),
  };
  const total = Object.values(used).reduce((sum, one) => sum + one, 0);
  const limit =
    total >= BUSY * processors
      ? `the machine's ${String(processors)} processors`
      : used.HubSpot >= BUSY
        ? 'the HubSpot sandbox'
        : used.Salesforce >= BUSY
          ? 'the Salesforce sandbox'
          : used.hub >= BUSY * count
            ? 'the hub'
            : "waiting: for each other, the disk, HubSpot's limit of calls, or other programs' processor time";
  const shares = Object.entries(used).map(([who, one]) => `${who} ${(one * 100).toFixed(0)} %`);
  return `limit: ${limit}; of a processor: ${shares.join(', ')}`;
}
