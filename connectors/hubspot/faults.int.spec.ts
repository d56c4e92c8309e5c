import { createRealClock } from '../../src/sdk/testing/index.js';
import { ConnectorError } from '../../src/sdk/index.js';
import hubspot from './index.js';
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from './sandbox/index.js';
import { connect, createBench, pullAll, type Bench } from './testing.js';

let bench: Bench;

afterEach(() => bench.sandbox.close());

function seed(count: number): void {
  bench.sandbox.control.seed(
    'contacts',
    Array.from({ length: count }, (_, n) => ({
      properties: { email: `p${String(n)}@example.com` },
      createdAt: 1,
    })),
  );
}

describe('reading through faults', () => {
  it.each([
    { kind: 'status', status: 502 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 524 },
    { kind: 'status', status: 423 },
    { kind: 'status', status: 429, policyName: 'TEN_SECONDLY_ROLLING' },
    { kind: 'status', status: 477, retryAfterSeconds: 5 },
    { kind: 'reset' },
    { kind: 'reset-mid-body' },
    { kind: 'malformed' },
  ] as const)('gets past %j', async (fault) => {
    bench = await createBench();
    seed(120);
    bench.sandbox.control.fault({ ...fault, path: '/crm/v3/objects/contacts', times: 3, skip: 1 });
    const { records } = await pullAll(bench, 'contact');
    expect(records.size).toBe(120);
  });

  it('gives up in the end, and says that it may pass', async () => {
    bench = await createBench();
    seed(1);
    bench.sandbox.control.fault({ kind: 'status', status: 503, path: '/crm/v3/objects', times: 100 });
    await expect(pullAll(bench, 'contact')).rejects.toMatchObject({ kind: 'transient' });
  });

  it('comes back after midnight of the account when the day is used up', async () => {
    bench = await createBench();
    seed(1);
    const { cursor } = await pullAll(bench, 'contact');
    bench.sandbox.control.fault({ kind: 'status', status: 429, policyName: 'DAILY', path: '/search' });
    const error = await pullAll(bench, 'contact', cursor).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectorError);
    const { kind, retryAt } = error as ConnectorError;
    const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'medium' });
    expect([kind, berlin.format(retryAt)]).toEqual(['throttled', '00:00:00']);
  });

  it('comes back later from a long move of the account', async () => {
    bench = await createBench();
    bench.sandbox.control.fault({
      kind: 'status',
      status: 477,
      retryAfterSeconds: 3600,
      path: '/crm/v3/objects',
    });
    await expect(pullAll(bench, 'contact')).rejects.toMatchObject({
      kind: 'throttled',
      code: 'MIGRATION_IN_PROGRESS',
    });
  });

  it('keeps within the limits of a small account', async () => {
    const clock = createRealClock();
    bench = await createBench({
      sandbox: { limits: { burst: 5, windowMs: 400 } },
      clock,
      limited: true,
    });
    seed(1000);
    const { records } = await pullAll(bench, 'contact');
    expect(records.size).toBe(1000);
    expect(bench.ctx.pauses.length).toBeGreaterThan(0);
    expect(bench.sandbox.control.calls().filter((call) => call.status === 429).length).toBeLessThanOrEqual(2);
  });

  it('stops at a dead token with what to do about it', async () => {
    bench = await createBench();
    bench.sandbox.control.revokeTokens();
    await expect(pullAll(bench, 'contact')).rejects.toMatchObject({
      kind: 'credentials',
      code: 'INVALID_AUTHENTICATION',
    });
  });

  it('reads on without owners when the token may not see them', async () => {
    bench = await createBench({
      sandbox: { scopes: ['crm.objects.contacts.read', 'crm.schemas.contacts.read'] },
    });
    bench.sandbox.control.seed('contacts', [
      { properties: { firstname: 'A', hubspot_owner_id: '70000001' } },
    ]);
    const { records } = await pullAll(bench, 'contact');
    const [record] = [...records.values()];
    expect(record?.values['firstname']).toBe('A');
    expect(record?.values).not.toHaveProperty('hubspot_owner_id');
  });
});

describe('OAuth', () => {
  async function installed(options: { readonly rotate?: boolean } = {}): Promise<void> {
    bench = await createBench({ sandbox: { rotateRefreshTokens: options.rotate ?? false } });
    const refreshToken = bench.sandbox.control.install();
    const credentials = { clientId: SANDBOX_CLIENT_ID, clientSecret: SANDBOX_CLIENT_SECRET, refreshToken };
    bench = { sandbox: bench.sandbox, ...connect(bench.sandbox, { credentials }) };
  }
  const grants = (): number =>
    bench.sandbox.control.calls().filter((call) => call.path === '/oauth/v1/token').length;

  it('fetches one token for all who ask at once', async () => {
    await installed();
    seed(3);
    await Promise.all([pullAll(bench, 'contact'), pullAll(bench, 'company'), hubspot.discover(bench.ctx)]);
    expect(grants()).toBe(1);
  });

  it('renews a token that expires in the middle, and keeps the new refresh token', async () => {
    await installed({ rotate: true });
    seed(120);
    let pages = 0;
    for await (const page of hubspot.pull(bench.ctx, {
      object: 'contact',
      properties: ['email'],
      cursor: null,
    })) {
      pages += page.records.length > 0 ? 1 : 0;
      if (pages === 1) bench.sandbox.control.expireTokens();
    }
    expect(pages).toBe(3);
    expect(grants()).toBe(2);
    const saved = bench.ctx.saved.at(-1);
    const again = connect(bench.sandbox, saved === undefined ? {} : { credentials: saved });
    await pullAll(again, 'contact');
    expect(grants()).toBe(2);
  });

  it('says that the grant is lost when the app was removed', async () => {
    await installed();
    bench.sandbox.control.revokeTokens();
    await expect(pullAll(bench, 'contact')).rejects.toMatchObject({
      kind: 'credentials',
      code: 'BAD_REFRESH_TOKEN',
    });
  });
});
