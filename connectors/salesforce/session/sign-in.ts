/** How each grant signs in, by jsforce's OAuth client or its SOAP login. */
import { createSign } from 'node:crypto';
import { Connection } from 'jsforce/lib/connection.js';
import type { ConnectorContext } from '../../../src/sdk/index.js';
import { failureOf, isObject } from '../api/api-failure.js';
import type { Credentials, Settings } from '../config.js';
import { newestRefreshToken, rememberRotation } from './refresh-token.js';
import { refusal, unusableAnswer, unusableKey } from './sign-in-errors.js';
import { HubTransport } from '../api/transport.js';

export interface Session {
  readonly accessToken: string;
  /** Without a slash at the end. */
  readonly instanceUrl: string;
  /** The user that all is done as, where the answer says so. */
  readonly userId: string | undefined;
}

type Context = ConnectorContext<Settings, Credentials>;
type Grant<T extends Credentials['grantType']> = Extract<Credentials, { grantType: T }>;

/** Signs in once. Throws {@link ConnectorError}: `credentials` when refused, `transient` when it may pass. */
export async function signIn(ctx: Context): Promise<Session> {
  const { credentials } = ctx;
  switch (credentials.grantType) {
    case 'client_credentials':
      return byOAuth(ctx, credentials, { grant_type: 'client_credentials' });
    case 'refresh_token':
      return byRefreshToken(ctx, credentials);
    case 'jwt_bearer':
      return byOAuth(
        ctx,
        {},
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: assertion(ctx, credentials),
        },
      );
    case 'password':
      return byPassword(ctx, credentials);
  }
}

interface Client {
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
}

async function byOAuth(
  ctx: Context,
  client: Client,
  params: Record<string, string> & { grant_type: string },
): Promise<Session> {
  const answer = await requestToken(ctx, client, params);
  return sessionOf(ctx, answer);
}

async function byRefreshToken(ctx: Context, credentials: Grant<'refresh_token'>): Promise<Session> {
  const used = newestRefreshToken(ctx.cache, credentials.refreshToken);
  const answer = await requestToken(ctx, credentials, { grant_type: 'refresh_token', refresh_token: used });
  const rotated = answer['refresh_token'];
  if (typeof rotated === 'string' && rotated !== '' && rotated !== used) {
    rememberRotation(ctx.cache, used, rotated);
    await ctx.saveCredentials({ ...credentials, refreshToken: rotated });
  }
  return sessionOf(ctx, answer);
}

async function byPassword(ctx: Context, credentials: Grant<'password'>): Promise<Session> {
  const { username, securityToken } = credentials;
  const password = credentials.password + (securityToken ?? '');
  if (credentials.clientId !== undefined)
    return byOAuth(ctx, credentials, { grant_type: 'password', username, password });
  const connection = connect(ctx, {});
  connection.version = soapVersion(ctx.settings.apiVersion);
  try {
    const user = await connection.login(username, password);
    const { accessToken, instanceUrl } = connection;
    if (accessToken === undefined || accessToken === null) throw new Error('no session in the answer');
    return { accessToken, instanceUrl: base(ctx.settings.instanceUrl ?? instanceUrl), userId: user.id };
  } catch (error) {
    throw refusal(error, 'soap', ctx.clock.now());
  }
}

const LAST_SOAP_LOGIN = 64;

/** The session is good for every version; only the login call ends with 64.0. */
function soapVersion(apiVersion: string): string {
  return Number(apiVersion) > LAST_SOAP_LOGIN ? `${String(LAST_SOAP_LOGIN)}.0` : apiVersion;
}

async function requestToken(
  ctx: Context,
  client: Client,
  params: Record<string, string> & { grant_type: string },
): Promise<Record<string, unknown>> {
  try {
    const answer: unknown = await connect(ctx, client).oauth2.requestToken(params);
    if (isObject(answer)) return answer;
  } catch (error) {
    throw refusal(error, params.grant_type, ctx.clock.now());
  }
  throw unusableAnswer();
}

function connect(ctx: Context, { clientId, clientSecret }: Client): Connection {
  const loginUrl = base(ctx.settings.loginUrl);
  const connection = new Connection({
    loginUrl,
    version: ctx.settings.apiVersion,
    oauth2: {
      loginUrl,
      ...(clientId === undefined ? {} : { clientId }),
      ...(clientSecret === undefined ? {} : { clientSecret }),
    },
  });
  const transport = new HubTransport(async (request) => {
    const response = await ctx.http.send(request);
    // A maintenance page says nothing about the credentials; a SOAP fault is a 500 too, but in XML.
    if (response.status >= 500 && !/xml/i.test(response.headers['content-type'] ?? ''))
      throw failureOf(response);
    return response;
  });
  connection._transport = transport;
  connection.oauth2._transport = transport;
  return connection;
}

function sessionOf({ settings }: Context, answer: Record<string, unknown>): Session {
  const { access_token: accessToken, instance_url: instance, id } = answer;
  const instanceUrl = settings.instanceUrl ?? instance;
  if (typeof accessToken !== 'string' || typeof instanceUrl !== 'string') throw unusableAnswer();
  // The identity URL ends in /organization id/user id.
  const userId = typeof id === 'string' ? id.split('/').at(-1) : undefined;
  return { accessToken, instanceUrl: base(instanceUrl), userId };
}

function base(url: string): string {
  return url.replace(/\/+$/, '');
}

const ASSERTION_LIFE_S = 180;

/** OAuth 2.0 JWT Bearer Flow: signed by RS256, good for three minutes. */
function assertion(ctx: Context, credentials: Grant<'jwt_bearer'>): string {
  const claims = {
    iss: credentials.clientId,
    sub: credentials.username,
    aud: credentials.audience ?? audienceOf(ctx.settings.loginUrl),
    exp: Math.floor(ctx.clock.now() / 1000) + ASSERTION_LIFE_S,
  };
  const unsigned = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  try {
    const signature = createSign('RSA-SHA256').update(unsigned).sign(credentials.privateKey, 'base64url');
    return `${unsigned}.${signature}`;
  } catch (error) {
    throw unusableKey(error);
  }
}

/** A My Domain belongs to production or to a sandbox; any other address is its own audience. */
function audienceOf(loginUrl: string): string {
  const { hostname, origin } = new URL(loginUrl);
  if (hostname.endsWith('.sandbox.my.salesforce.com')) return 'https://test.salesforce.com';
  if (hostname.endsWith('.my.salesforce.com')) return 'https://login.salesforce.com';
  return origin;
}
