import { generateKeyPairSync } from 'node:crypto';
import { fullId } from '../api/ids.js';
import connector from '../index.js';
import type { Sandbox } from '../sandbox/index.js';
import { connect, orgs, pullAll, type OrgContext } from '../testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

function logins(ctx: OrgContext): number {
  return ctx.calls.filter(({ request }) => /oauth2\/token|Soap/.test(request.url)).length;
}

async function readOne(ctx: OrgContext): Promise<void> {
  await connector.read?.(ctx, {
    object: 'contact',
    ids: [fullId('003SB0000000001') ?? ''],
    properties: ['LastName'],
  });
}

describe('signing in', () => {
  let org: Sandbox;
  beforeAll(async () => {
    org = await open({ account: { jwtPublicKey: keys.publicKey } });
    org.control.load('Contact', [{ LastName: 'One' }, { LastName: 'Two' }]);
  });

  const grants: readonly [string, () => unknown][] = [
    [
      'client credentials',
      () => ({ grantType: 'client_credentials', clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }),
    ],
    [
      'a refresh token',
      () => ({
        grantType: 'refresh_token',
        clientId: 'sandbox-client',
        clientSecret: 'sandbox-secret',
        refreshToken: 'sandbox-refresh-token',
      }),
    ],
    [
      'a signed JWT',
      () => ({
        grantType: 'jwt_bearer',
        clientId: 'sandbox-client',
        username: 'sync@sandbox.example',
        privateKey: keys.privateKey,
      }),
    ],
    [
      'user name and password by OAuth',
      () => ({
        grantType: 'password',
        username: 'sync@sandbox.example',
        password: 'sandbox-',
        securityToken: 'password',
        clientId: 'sandbox-client',
        clientSecret: 'sandbox-secret',
      }),
    ],
    [
      'user name and password by SOAP',
      () => ({ grantType: 'password', username: 'sync@sandbox.example', password: 'sandbox-password' }),
    ],
  ];

  it.each(grants)('reads with %s, and signs in anew when the session ends', async (_name, credentials) => {
    const ctx = connect(org, { credentials: credentials(), settings: { apiVersion: '66.0' } });
    expect((await pullAll(ctx, 'contact')).rows).toBe(2);
    org.control.expireSessions();
    expect((await pullAll(ctx, 'contact')).rows).toBe(2);
    expect(logins(ctx)).toBe(2);
  });

  it('signs in once for many callers whose session ended together', async () => {
    const ctx = connect(org);
    await readOne(ctx);
    org.control.expireSessions();
    await Promise.all(Array.from({ length: 8 }, () => readOne(ctx)));
    expect(logins(ctx)).toBe(2);
  });

  it('survives a session that ends between two pages', async () => {
    const big = await open();
    big.control.load(
      'Contact',
      Array.from({ length: 4500 }, (_, index) => ({ LastName: `P${String(index)}` })),
    );
    const pulled = await pullAll(connect(big), 'contact', {
      onPage: () => {
        big.control.expireSessions();
      },
    });
    expect(pulled.records.size).toBe(4500);
  });

  it('saves a rotated refresh token and uses it from then on, also in a context that still holds the old one', async () => {
    const rotating = await open({ account: { rotate: true } });
    const ctx = connect(rotating, { credentials: grants[1]?.[1]() });
    await readOne(ctx);
    rotating.control.expireSessions();
    await readOne(ctx);
    expect(ctx.saved).toHaveLength(2);
    expect(
      new Set(ctx.saved.map((saved) => saved.grantType === 'refresh_token' && saved.refreshToken)).size,
    ).toBe(2);
  });

  it.each([
    [
      'a wrong secret',
      { grantType: 'client_credentials', clientId: 'sandbox-client', clientSecret: 'wrong' },
      'INVALID_CLIENT',
    ],
    [
      'a revoked refresh token',
      {
        grantType: 'refresh_token',
        clientId: 'sandbox-client',
        clientSecret: 'sandbox-secret',
        refreshToken: 'old',
      },
      'INVALID_GRANT',
    ],
    [
      'a key that is none',
      {
        grantType: 'jwt_bearer',
        clientId: 'sandbox-client',
        username: 'sync@sandbox.example',
        privateKey: 'nonsense',
      },
      'PRIVATE_KEY',
    ],
    [
      'a wrong password by SOAP',
      { grantType: 'password', username: 'sync@sandbox.example', password: 'wrong' },
      'INVALID_LOGIN',
    ],
  ])('says what to do about %s, after one attempt', async (_name, credentials, code) => {
    const ctx = connect(org, { credentials });
    await expect(readOne(ctx)).rejects.toMatchObject({
      kind: 'credentials',
      code,
      remedy: expect.stringMatching(/.{30}/) as unknown,
    });
    expect(logins(ctx)).toBeLessThanOrEqual(1);
  });

  it('gives up when the session is refused even right after signing in', async () => {
    org.control.fault({
      kind: 'error',
      status: 401,
      code: 'INVALID_SESSION_ID',
      path: '/queryAll',
      times: 99,
    });
    const ctx = connect(org);
    await expect(readOne(ctx)).rejects.toMatchObject({ kind: 'credentials', code: 'INVALID_SESSION_ID' });
    expect(logins(ctx)).toBe(2);
    org.control.clearFaults();
  });

  it('does not take maintenance for refused credentials', async () => {
    org.control.fault({ kind: 'maintenance', path: '/oauth2/token' });
    await expect(readOne(connect(org))).rejects.toMatchObject({ kind: 'transient' });
  });

  it('says that a login URL which is no Salesforce gives no token', async () => {
    const ctx = connect(org, { settings: { loginUrl: `${org.url}/elsewhere` } });
    await expect(readOne(ctx)).rejects.toMatchObject({
      remedy: expect.stringMatching(/loginUrl/) as unknown,
    });
  });

  it('marks each call as ours, for the change events it causes', async () => {
    const ctx = connect(org);
    await readOne(ctx);
    expect(ctx.calls.at(-1)?.request.headers).toMatchObject({ 'Sforce-Call-Options': 'client=Rapport' });
  });
});
