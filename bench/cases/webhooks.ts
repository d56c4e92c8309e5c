/** From a user's edit in HubSpot, told by webhook, to the value in Salesforce; a stateless relay's figures beside it. */
import type { Bench } from '../bench.js';
import type { Aim, Figure } from '../figures.js';
import { latencies, type Link, type Road } from '../support/latency.js';
import { Pair } from '../support/pair.js';
import type { Percentiles } from '../support/percentiles.js';
import { Sandbox } from '../support/sandbox.js';
import { startRelay } from '../support/script.js';

/** Edits a second. */
const RATES = [1, 10, 50];
const SECONDS = 10;
const LONG_SECONDS = 60;
/** Unmeasured: whoever starts cold is slow at first. */
const WARM_UP = { rate: 10, edits: 20 };
const AIMED_RATE = 50;
const AIMS: Readonly<Partial<Record<keyof Percentiles, Aim>>> = {
  p50: { atMost: 50 },
  p99: { atMost: 250 },
};
const SHOWN = ['p50', 'p95', 'p99', 'max'] as const;

export async function webhooks(bench: Bench): Promise<readonly Figure[]> {
  const seconds = bench.full ? LONG_SECONDS : SECONDS;
  const people = bench.records ?? Math.max(...RATES) * seconds;
  bench.tell('webhooks: the relay');
  const relayed = await overRelay(people, seconds);
  bench.tell('webhooks: the hub');
  const synced = await overHub(bench, people, seconds);
  return RATES.flatMap((rate, index) => figuresOf(rate, synced[index], relayed[index]));
}

async function overHub(
  { postgres }: Bench,
  people: number,
  seconds: number,
): Promise<readonly Percentiles[]> {
  const pair = await Pair.start(postgres, { name: 'webhooks', records: people });
  try {
    await pair.sync();
    await pair.hubspot.sendWebhooks(`${pair.hub.url}/webhooks/hubspot`);
    const { hubspot, salesforce } = pair;
    return await atRates({ hubspot, salesforce, links: await pair.links(people) }, seconds);
  } finally {
    await pair.stop();
  }
}

async function overRelay(people: number, seconds: number): Promise<readonly Percentiles[]> {
  const hubspot = await Sandbox.start('hubspot', people);
  const salesforce = await Sandbox.start('salesforce', people);
  const relay = await startRelay(hubspot, salesforce);
  try {
    await hubspot.sendWebhooks(relay.url);
    const links = hubspot.ready.ids.map((id, index): Link => ({
      hubspot: id,
      salesforce: salesforce.ready.ids[index] ?? '',
    }));
    return await atRates({ hubspot, salesforce, links }, seconds);
  } finally {
    await relay.stop();
    await hubspot.stop();
    await salesforce.stop();
  }
}

async function atRates(road: Road, seconds: number): Promise<readonly Percentiles[]> {
  await latencies(road, WARM_UP);
  const found: Percentiles[] = [];
  for (const rate of RATES) found.push(await latencies(road, { rate, edits: rate * seconds }));
  return found;
}

function figuresOf(rate: number, hub?: Percentiles, relay?: Percentiles): readonly Figure[] {
  if (hub === undefined || relay === undefined) return [];
  return SHOWN.map((which) => {
    const aim = rate === AIMED_RATE ? AIMS[which] : undefined;
    return {
      name: `webhook to the other CRM at ${String(rate)}/s, ${which}`,
      value: hub[which],
      unit: 'ms',
      ...(aim && { aim }),
      reference: { what: 'stateless relay', value: relay[which] },
    };
  });
}
