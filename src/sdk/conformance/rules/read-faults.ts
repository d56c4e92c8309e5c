import type { Bench } from '../bench.js';
import { ConnectorError } from '../../index.js';
import { must, shown, type Rule, RuleBroken } from '../rule.js';

/** What can go wrong on the way to a system, while reading. */
export const readFaultRules: readonly Rule[] = [
  {
    id: 'throttled',
    side: 'read',
    sentence: 'Asked to wait in the middle of a read, it waits or says until when; then nothing is missing.',
    remedy:
      'Throw `throttled` with `retryAt` (hub’s clock), or wait by `ctx.http.pause`; never take it for the end.',
    needs: ['throttle'],
    check: async (bench) => {
      const error = await readThrough(bench, async () => bench.system.throttle?.('read'));
      if (error === undefined) return;
      must(
        error.kind === 'throttled',
        () => `asked to wait, it throws a failure of kind "${error.kind}" (${error.code})`,
      );
      const { retryAt } = error;
      must(
        retryAt !== undefined && Number.isFinite(retryAt),
        () => 'it throws `throttled` without the instant to go on at (`retryAt`)',
      );
    },
  },
  {
    id: 'lost-read',
    side: 'read',
    sentence: 'A read whose answer never comes fails as a passing fault, and goes on where it was.',
    remedy: 'Turn a TransportError into `transient`, or ask again: reading twice does no harm.',
    needs: ['loseAnswer'],
    check: async (bench) => {
      const error = await readThrough(bench, async () => bench.system.loseAnswer?.('read'));
      must(
        error === undefined || error.kind === 'transient',
        () => `it throws a failure of kind "${String(error?.kind)}" (${String(error?.code)})`,
      );
    },
  },
  {
    id: 'cut-read',
    side: 'read',
    sentence: 'An answer that ends in the middle is not taken for the whole.',
    remedy: 'Read an answer to its end before using any of it; an answer that is no JSON is a passing fault.',
    needs: ['cutAnswer'],
    check: async (bench) => {
      const error = await readThrough(bench, async () => bench.system.cutAnswer?.('read'), {
        isVisible: false,
      });
      must(
        error === undefined || error.kind === 'transient',
        () => `it throws a failure of kind "${String(error?.kind)}" (${String(error?.code)})`,
      );
    },
  },
  {
    id: 'expired',
    side: 'read',
    sentence: 'A session that is over is renewed in the middle of a read, and nobody notices.',
    remedy: 'On the system’s answer for an expired session, sign in again once and repeat the call.',
    needs: ['expire'],
    check: async (bench) => {
      const error = await readThrough(bench, async () => bench.system.expire?.());
      must(
        error === undefined,
        () =>
          `it throws "${String(error?.message)}" (${String(error?.code)}), although its credentials still hold`,
      );
    },
  },
  {
    id: 'revoked',
    side: 'read',
    sentence: 'Credentials that are not taken any more are told as that, with a remedy.',
    remedy:
      'Throw a ConnectorError of kind `credentials`; only that makes the hub ask a person for new ones.',
    needs: ['revoke'],
    check: async (bench) => {
      await bench.seed(1);
      await bench.system.revoke?.();
      const error = await failureOf(() => bench.copy().pull());
      must(error !== undefined, () => 'the credentials are refused, and the read ends as if all were well');
      must(
        error.kind === 'credentials',
        () => `the credentials are refused, and the failure is of kind "${error.kind}" (${error.code})`,
      );
      must(error.remedy !== '', () => 'the failure names no remedy');
      const items = await bench.connector.check(bench.context()).catch((thrown: unknown) => {
        if (thrown instanceof ConnectorError && thrown.kind === 'credentials')
          return [{ status: 'failed' as const }];
        throw thrown;
      });
      must(
        items.some(({ status }) => status === 'failed'),
        () => 'the credentials are refused, and check passes',
      );
    },
  },
];

/**
 * The fault strikes behind the first page, or at the next read where one call brings all pages; afterwards the read
 * goes on from its cursor, and all must be there.
 */
async function readThrough(
  bench: Bench,
  strike: () => Promise<void>,
  options = { isVisible: true },
): Promise<ConnectorError | undefined> {
  const [first = ''] = await bench.seed(bench.many);
  const copy = bench.copy();
  // The process lives on: what it remembers must not mislead it either.
  const memory = new Map<string, unknown>();
  const onPage = (_page: unknown, number: number): Promise<void> | undefined =>
    number === 1 ? strike() : undefined;
  let error = await failureOf(() => copy.pull({ memory, onPage }));
  if (error === undefined) {
    await bench.edit(first, 'edited meanwhile');
    error = await failureOf(() => copy.pull({ memory }));
  }
  if (options.isVisible) bench.expectStruck();
  if (error !== undefined) {
    await bench.waitFor(error.retryAt);
    const again = await failureOf(() => copy.pull({ memory }));
    must(
      again === undefined,
      () =>
        `the fault has passed, and the next read fails as well: ${String(again?.message)} (${String(again?.code)})`,
    );
  }
  await bench.expectAgreement(copy);
  return error;
}

/** Other errors than the contract's break the rule. */
async function failureOf(work: () => Promise<unknown>): Promise<ConnectorError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    if (error instanceof RuleBroken) throw error;
    const what = error instanceof Error ? `${error.name}: ${error.message}` : shown(error);
    throw new RuleBroken(`it throws something else than a ConnectorError: ${what}`);
  }
}
