import type { WebhookEvent, WebhookRequest, WebhookVerdict } from '../../index.js';
import type { Bench } from '../bench.js';
import type { WebhookHarness } from '../harness.js';
import { must, type Rule, RuleBroken, shown } from '../rule.js';

const DAY_MS = 86_400_000;

/** What a vendor sends by itself, and what others send in its name. */
export const webhookRules: readonly Rule[] = [
  {
    id: 'webhook',
    side: 'webhook',
    sentence: 'A user’s change is told by a webhook that names the record, and reading it shows the change.',
    remedy: 'Turn each part of the request into an event with the hub’s object name and the record’s own id.',
    needs: ['webhook', 'read', 'webhooks'],
    check: async (bench) => {
      const [edited = '', other = ''] = await bench.seed(2);
      await hooksOf(bench).take();
      await bench.edit(edited, 'told by webhook');
      const events = await takeEvents(bench);
      const copy = bench.copy();
      await copy.read(idsOf(bench, events));
      must(
        copy.value(edited, bench.specimen.text) === 'told by webhook',
        () => `record ${edited} was edited, and no event leads to that: ${shown(events)}`,
      );
      must(
        !events.some(({ id }) => id === other),
        () => `record ${other} was not touched, and an event names it`,
      );
    },
  },
  {
    id: 'webhook-forged',
    side: 'webhook',
    sentence: 'A request that is not the vendor’s own, or was changed on the way, is refused.',
    remedy:
      'Verify the vendor’s signature over the raw body and the address before anything is read; compare in constant time.',
    needs: ['webhook', 'webhooks'],
    check: async (bench) => {
      const request = await takeOne(bench);
      const { secrets, wrongSecrets } = hooksOf(bench);
      expectRefused(judge(bench, request, wrongSecrets), 'signature', 'signed with another secret');
      expectRefused(
        judge(bench, request, null),
        'signature',
        'and the connection has no secrets to verify with',
      );
      for (const [how, forged] of forgeries(request))
        expectRefused(judge(bench, forged, secrets), undefined, how);
    },
  },
  {
    id: 'webhook-stale',
    side: 'webhook',
    sentence: 'A genuine request that somebody kept and sends again much later is refused.',
    remedy:
      'Compare the signed time with `request.receivedAt`; refuse what is more than some minutes away, either way.',
    needs: ['webhook', 'webhooks', 'stale'],
    check: async (bench) => {
      const request = await takeOne(bench);
      const { secrets } = hooksOf(bench);
      for (const shift of [DAY_MS, -DAY_MS]) {
        const verdict = judge(bench, { ...request, receivedAt: request.receivedAt + shift }, secrets);
        expectRefused(verdict, 'stale', `received a day ${shift > 0 ? 'after' : 'before'} it was sent`);
      }
    },
  },
  {
    id: 'webhook-doubled',
    side: 'webhook',
    sentence: 'A redelivery is known as one by its keys; two changes have two keys.',
    remedy:
      'Make `dedupeKey` of what the vendor keeps the same over its attempts (an event id), with object and record.',
    needs: ['webhook', 'webhooks'],
    check: async (bench) => {
      const [id = ''] = await bench.seed(1);
      const hooks = hooksOf(bench);
      await hooks.take();
      await bench.edit(id, 'first');
      const first = await hooks.take();
      await bench.edit(id, 'second');
      const second = await hooks.take();
      const keys = keysOf(accepted(bench, first));
      const again = await Promise.all(first.map(async (request) => hooks.again(request)));
      const repeated = keysOf(accepted(bench, again));
      must(
        keys.length > 0 && keys.every((key) => repeated.includes(key)),
        () => `delivered again, the keys are others: ${shown(keys)}, then ${shown(repeated)}`,
      );
      const others = keysOf(accepted(bench, second));
      must(
        !others.some((key) => keys.includes(key)),
        () => `two changes of a record share a key: ${shown(others)}`,
      );
    },
  },
  {
    id: 'webhook-reordered',
    side: 'webhook',
    sentence: 'Whatever the order webhooks arrive in, the records they name are read as they stand.',
    remedy: 'Keep nothing between two requests: judge each by itself, and let `read` say what is so.',
    needs: ['webhook', 'read', 'webhooks', 'remove'],
    check: async (bench) => {
      const ids = await bench.seed(3);
      const [edited = '', removed = '', last = ''] = ids;
      const hooks = hooksOf(bench);
      await hooks.take();
      const requests: WebhookRequest[] = [];
      const then = async (change: () => Promise<void> | undefined): Promise<void> => {
        await change();
        requests.push(...(await hooks.take()));
      };
      await then(() => bench.edit(edited, 'one'));
      await then(() => bench.edit(edited, 'two'));
      await then(() => bench.system.remove?.(bench.object, removed));
      await then(() => bench.edit(last, 'three'));
      for (const order of [requests.toReversed(), requests]) {
        const copy = bench.copy();
        for (const request of order) await copy.read(idsOf(bench, accepted(bench, [request])));
        must(
          copy.value(edited, bench.specimen.text) === 'two',
          () =>
            `record ${edited} was edited twice; out of order it ends as ${shown(copy.value(edited, bench.specimen.text))}`,
        );
        must(
          !copy.records.has(removed) && copy.tombstones.has(removed),
          () => `record ${removed} was deleted; out of order nobody hears of it`,
        );
        must(
          copy.value(last, bench.specimen.text) === 'three',
          () => `record ${last} was edited; out of order nobody hears of it`,
        );
      }
    },
  },
  {
    id: 'webhook-malformed',
    side: 'webhook',
    sentence: 'What is no webhook at all is refused, or answered with no events; nothing is thrown.',
    remedy: 'Check the body with a schema, and answer `malformed` or count it as ignored.',
    needs: ['webhook', 'webhooks'],
    check: async (bench) => {
      const request = await takeOne(bench);
      const bodies = ['', '{', 'null', '[null, 1, "x", {}]', '\u0000\uffff'].map((text) =>
        new TextEncoder().encode(text),
      );
      for (const rawBody of bodies) {
        for (const headers of [request.headers, {}])
          judge(bench, { ...request, headers, rawBody }, hooksOf(bench).secrets);
      }
    },
  },
];

function hooksOf(bench: Bench): WebhookHarness {
  if (bench.system.webhooks === undefined) throw new RuleBroken('the harness has no webhooks');
  return bench.system.webhooks;
}

function judge(bench: Bench, request: WebhookRequest, secrets: unknown): WebhookVerdict {
  let verdict: WebhookVerdict | undefined;
  try {
    verdict = bench.connector.webhook?.(request, secrets, bench.settings);
  } catch (error) {
    const what = error instanceof Error ? error.message : shown(error);
    throw new RuleBroken(`\`webhook\` throws instead of refusing: ${what}`);
  }
  must(verdict !== undefined, () => '`webhook` gives no verdict');
  return verdict;
}

function accepted(bench: Bench, requests: readonly WebhookRequest[]): readonly WebhookEvent[] {
  return requests.flatMap((request) => {
    const verdict = judge(bench, request, hooksOf(bench).secrets);
    must(verdict.accepted, () => `a genuine request is refused: ${verdict.accepted ? '' : verdict.message}`);
    return verdict.events;
  });
}

async function takeEvents(bench: Bench): Promise<readonly WebhookEvent[]> {
  return accepted(bench, await hooksOf(bench).take());
}

async function takeOne(bench: Bench): Promise<WebhookRequest> {
  const [id = ''] = await bench.seed(1);
  const hooks = hooksOf(bench);
  await hooks.take();
  await bench.edit(id, 'told by webhook');
  const [request] = await hooks.take();
  must(request !== undefined, () => 'a record was edited, and the harness has no webhook for it');
  accepted(bench, [request]);
  return request;
}

function forgeries(request: WebhookRequest): readonly (readonly [string, WebhookRequest])[] {
  const { headers, rawBody } = request;
  const changed = Uint8Array.from(rawBody);
  const middle = Math.floor(changed.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  const plain = Object.fromEntries(Object.entries(headers).filter(([name]) => name === 'content-type'));
  return [
    ['with a byte of its body changed', { ...request, rawBody: changed }],
    ['with something added to its body', { ...request, rawBody: Uint8Array.from([...rawBody, 32]) }],
    ['without any header that signs it', { ...request, headers: plain }],
  ];
}

function expectRefused(
  verdict: WebhookVerdict,
  reason: 'signature' | 'stale' | undefined,
  how: string,
): void {
  must(!verdict.accepted, () => `a request ${how} is accepted`);
  must(
    reason === undefined || verdict.reason === reason,
    () => `a request ${how} is refused as "${verdict.reason}", not as "${String(reason)}"`,
  );
}

function idsOf(bench: Bench, events: readonly WebhookEvent[]): readonly string[] {
  return [...new Set(events.filter(({ object }) => object === bench.object).map(({ id }) => id))];
}

function keysOf(events: readonly WebhookEvent[]): readonly string[] {
  return events.map(({ dedupeKey }) => dedupeKey);
}
