/** Finding a customer by e-mail address, and all that its 360 page shows, over HTTP. */
import type { Bench } from '../bench.js';
import type { Figure } from '../figures.js';
import { Hub } from '../support/hub.js';
import { person } from '../support/people.js';
import { percentiles } from '../support/percentiles.js';
import { Sandbox } from '../support/sandbox.js';
import { settled } from '../support/settled.js';

const CUSTOMERS = 100_000;
const READS = 500;
const WARM_UP = 50;
const AIM = { atMost: 20 };
/** Spreads the reads over all customers. */
const STEP = 7_919;

export async function reads({ postgres, tell, records = CUSTOMERS }: Bench): Promise<readonly Figure[]> {
  tell(`reads at ${String(records)} customers`);
  const sandbox = await Sandbox.start('salesforce', records);
  const database = await (await postgres.createDatabase('reads')).open();
  const connection = sandbox.connection({ policy: { direction: 'pull', create: false } });
  const hub = await Hub.start({ databaseUrl: database.url, configuration: { connections: [connection] } });
  try {
    await settled(database, await hub.sync());
    const ids: string[] = [];
    const bare = await p95(async () => hub.call('health/live'));
    const byEmail = await p95(async (index) => {
      const { email } = person((index * STEP) % records);
      const answer = await hub.call(`api/v1/customers?q=${encodeURIComponent(email)}`);
      const { items } = (await answer.json()) as { readonly items: readonly { readonly id: string }[] };
      const [only, ...more] = items;
      if (only === undefined || more.length > 0)
        throw new Error(`${String(items.length)} customers are found by ${email}.`);
      ids.push(only.id);
    });
    const page = await p95(async (index) => {
      const path = `api/v1/customers/${ids[index % ids.length] ?? ''}`;
      const parts = [path, `${path}/history`];
      await Promise.all(parts.map(async (part) => (await hub.call(part)).text()));
    });
    const reference = { what: 'an empty answer over HTTP', value: bare };
    const at = `at ${String(records)} customers, p95`;
    return [
      { name: `customer by e-mail, ${at}`, value: byEmail, unit: 'ms', aim: AIM, reference },
      {
        name: `360 page, ${at}`,
        value: page,
        unit: 'ms',
        aim: AIM,
        reference,
        note: 'the customer with its records, and its history, asked for at once',
      },
    ];
  } finally {
    await hub.stop();
    await database.close();
    await sandbox.stop();
  }
}

/** ms, of requests one after the other. */
async function p95(request: (index: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let index = -WARM_UP; index < READS; index += 1) {
    const started = performance.now();
    await request(index + WARM_UP);
    if (index >= 0) taken.push(performance.now() - started);
  }
  return percentiles(taken).p95;
}
