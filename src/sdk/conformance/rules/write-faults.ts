import type { CreateOperation, PushOutcome } from '../../index.js';
import type { Bench } from '../bench.js';
import type { Memory } from '../copy.js';
import { must, type Rule, shown } from '../rule.js';
import { said } from './outcomes.js';

/** What can go wrong on the way to a system, while writing: nothing is lost, and nothing is made twice. */
export const writeFaultRules: readonly Rule[] = [
  {
    id: 'write-throttled',
    side: 'write',
    sentence: 'Asked to wait, a push says so for what was not done; done later, nothing is there twice.',
    remedy: 'Answer `retry` with `retryAt`, or throw `throttled` if nothing was sent.',
    needs: ['push', 'throttle'],
    check: async (bench) => {
      await bench.system.throttle?.('write');
      await expectEachOnce(bench);
    },
  },
  {
    id: 'write-expired',
    side: 'write',
    sentence: 'A session that is over is renewed by a push as well.',
    remedy:
      'On the system’s answer for an expired session, sign in again once and repeat the call: it was not carried out.',
    needs: ['push', 'expire'],
    check: async (bench) => {
      // Signed in by now, as a hub is that has been at work.
      const memory = new Map<string, unknown>();
      await bench.copy().pull({ memory });
      await bench.system.expire?.();
      await expectEachOnce(bench, memory);
    },
  },
  {
    id: 'write-refused',
    side: 'write',
    sentence: 'A connection that breaks before anything is done loses no write.',
    remedy:
      'Answer `unknown` (or `retry` where a TransportError says that nothing was sent), never `rejected`.',
    needs: ['push', 'refuseConnection'],
    check: async (bench) => {
      await bench.system.refuseConnection?.('write');
      await expectEachOnce(bench);
    },
  },
  {
    id: 'lost-create',
    side: 'write',
    sentence: 'A create whose answer is lost is found again, and never made twice.',
    remedy:
      'Answer `unknown` when the request may have been applied; with `uncertainSince` look the record up and answer `stored` with `found`.',
    needs: ['push', 'loseAnswer'],
    check: async (bench) => {
      await bench.system.loseAnswer?.('write');
      const create = bench.create(0);
      const since = new Date(bench.clock.now()).toISOString();
      const outcome = (await bench.push([create])).get(create.key);
      must(
        outcome?.status === 'unknown' || outcome?.status === 'stored',
        () => `the answer of a create is lost; the outcome is ${said(outcome)}, and not \`unknown\``,
      );
      const live = [...(await bench.live()).keys()];
      must(live.length === 1, () => `one create left ${String(live.length)} records`);
      const found =
        outcome.status === 'stored' ? outcome : await lookUp(bench, { ...create, uncertainSince: since });
      must(found?.status === 'stored', () => `the record was made, and looking it up ends as ${said(found)}`);
      must(
        found.id === live[0],
        () => `the record is ${shown(live[0])}; looking it up finds ${shown(found.id)}`,
      );
      const { size } = await bench.live();
      must(size === 1, () => `one create, looked up once, left ${String(size)} records`);
    },
  },
  {
    id: 'idempotent-create',
    side: 'write',
    sentence: 'A create that is only to be looked up makes nothing: what is not there is `gone`.',
    remedy:
      'With `uncertainSince` never create: answer `gone` when there is none, `retry` while you cannot tell.',
    needs: ['push'],
    check: async (bench) => {
      // Others are there that it must not be taken for.
      await bench.seed(2, { from: 30 });
      const since = new Date(bench.clock.now()).toISOString();
      const outcome = await lookUp(bench, { ...bench.create(0), uncertainSince: since });
      must(outcome?.status === 'gone', () => `nothing was made, and looking it up ends as ${said(outcome)}`);
      const { size } = await bench.live();
      must(size === 2, () => `looking a record up left ${String(size - 2)} more in the system`);
    },
  },
  {
    id: 'lost-update',
    side: 'write',
    sentence: 'An update whose answer is lost is not told as failed.',
    remedy: 'Answer `unknown` when the request may have been applied: the hub reads the record, and decides.',
    needs: ['push', 'loseAnswer'],
    check: async (bench) => {
      const { text } = bench.specimen;
      const [id = ''] = await bench.seed(1);
      await bench.copy().pull();
      await bench.system.loseAnswer?.('write');
      const outcome = (await bench.push([bench.update(id, { [text]: 'applied' }, {})])).get(`update-${id}`);
      bench.expectStruck();
      const there = (await bench.live()).get(id)?.values[text];
      must(there === 'applied', () => `the update was carried out, and ${text} is ${shown(there)}`);
      must(
        outcome?.status === 'unknown' || outcome?.status === 'stored',
        () => `the answer of an update is lost; the outcome is ${said(outcome)}`,
      );
    },
  },
];

/** Three creates and an update, sent until the system has them. */
async function expectEachOnce(bench: Bench, memory?: Memory): Promise<void> {
  const { text } = bench.specimen;
  const [id = ''] = await bench.seed(1, { from: 50 });
  const operations = [
    bench.create(0),
    bench.create(1),
    bench.create(2),
    bench.update(id, { [text]: 'done' }, {}),
  ];
  const outcomes = await bench.pushThrough(operations, memory);
  bench.expectStruck();
  for (const { key } of operations) {
    const outcome = outcomes.get(key);
    must(outcome?.status === 'stored', () => `${key} ends as ${said(outcome)}`);
  }
  const live = await bench.live();
  must(live.size === 4, () => `there was one record and three were made: there are ${String(live.size)} now`);
  must(
    live.get(id)?.values[text] === 'done',
    () => `the update is said to be done, and ${text} is ${shown(live.get(id)?.values[text])}`,
  );
}

/** As often as it asks to come again. */
async function lookUp(bench: Bench, create: CreateOperation): Promise<PushOutcome | undefined> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const outcome = await once(bench, create);
    if (outcome?.status !== 'retry') return outcome;
    await bench.waitFor(outcome.retryAt);
  }
  return once(bench, create);
}

async function once(bench: Bench, create: CreateOperation): Promise<PushOutcome | undefined> {
  return (await bench.push([create])).get(create.key);
}
