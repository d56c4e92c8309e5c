/** What a refused sign-in means, by grant. OAuth error codes: Salesforce Help, "OAuth 2.0 Error Codes". */
import { ConnectorError, TransportError } from '../../../src/sdk/index.js';
import { ApiFailure } from '../api/api-failure.js';
import { toHubError } from '../errors.js';

const REMEDIES: Readonly<Record<string, string>> = {
  client_credentials:
    'In Setup, see that the app has the client credentials flow switched on with a run-as user who is active, that key and secret are copied whole, and that loginUrl is your My Domain URL (login.salesforce.com does not serve this flow).',
  refresh_token:
    "The token has been revoked, has run out by the app's refresh token policy, or was used up by rotation. Connect again in the browser to get a new one.",
  'urn:ietf:params:oauth:grant-type:jwt-bearer':
    "See that the certificate uploaded in the app belongs to this private key, that the user name is right, and that the app's policy pre-authorises the user's profile or permission set.",
  password:
    'See that user name, password and security token are right, that the user is active, and that the org allows OAuth user name and password flows (Setup, OAuth and OpenID Connect Settings). Better: use the client credentials flow.',
  soap: 'See that user name, password and security token are right and that the user is active. Salesforce is ending SOAP login: better use the client credentials flow.',
};

const WAIT_MS = 5 * 60_000;

export function refusal(error: unknown, grant: string, now: number): Error {
  if (error instanceof ConnectorError) return error;
  if (error instanceof TransportError || error instanceof ApiFailure) return toHubError(error, now);
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  // No OAuth error stands in the answer: a page of something else, or Salesforce's answer to another path.
  if (typeof (name as unknown) !== 'string' || /^ERROR_HTTP_(?!429)/.test(name)) return unusableAnswer();
  const code = codeOf(name, message);
  if (/login rate exceeded/i.test(message) || name === 'ERROR_HTTP_429')
    return new ConnectorError({
      kind: 'throttled',
      code: 'LOGIN_RATE_EXCEEDED',
      message: 'Salesforce takes no more sign-ins for the moment.',
      remedy: 'Nothing to do: it is tried again by itself.',
      detail: message,
      retryAt: now + WAIT_MS,
    });
  return new ConnectorError({
    kind: 'credentials',
    code,
    message: `Salesforce refuses to sign in (${code}).`,
    remedy: REMEDIES[grant] ?? 'Enter the credentials again.',
    detail: message.slice(0, 500),
  });
}

/** OAuth errors carry their code as name; a SOAP fault begins with it. */
function codeOf(name: string, message: string): string {
  if (name !== 'Error') return name.toUpperCase();
  return /^([A-Z][A-Z_]+):/.exec(message)?.[1] ?? 'INVALID_LOGIN';
}

export function unusableAnswer(): ConnectorError {
  return new ConnectorError({
    kind: 'configuration',
    code: 'NO_TOKEN',
    message: 'The login URL does not answer as Salesforce does: there is no token in its answer.',
    remedy:
      'Set loginUrl to your My Domain URL, https://login.salesforce.com or https://test.salesforce.com.',
  });
}

export function unusableKey(cause: unknown): ConnectorError {
  return new ConnectorError({
    kind: 'credentials',
    code: 'PRIVATE_KEY',
    message: 'The private key can not be used to sign.',
    remedy: 'Give the whole PEM text of an RSA key without passphrase, from BEGIN to END.',
    cause,
  });
}
