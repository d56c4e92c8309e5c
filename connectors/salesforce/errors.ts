/**
 * One table from what Salesforce says of a whole call to the hub's failure kinds. Codes: REST API Developer Guide,
 * "Status Codes and Error Responses"; SOAP API Developer Guide, "Core Data Types", ExceptionCode and StatusCode.
 */
import { ConnectorError, TransportError, type FailureKind } from '../../src/sdk/index.js';
import { ApiFailure } from './api/api-failure.js';

interface CallError {
  readonly kind: FailureKind;
  readonly message: string;
  readonly remedy: string;
}

const ACCESS =
  "Give the integration user's profile or a permission set what is missing (API Enabled, and on each synced object Read, Create, Edit, and View All), then run check again.";
const WAIT = 'Nothing to do: it is tried again by itself. Where it lasts, see status.salesforce.com.';

const BY_CODE: Readonly<Record<string, CallError>> = {
  INVALID_SESSION_ID: {
    kind: 'credentials',
    message: 'Salesforce refuses the session even right after signing in.',
    remedy:
      'See whether the app is blocked or limited to certain addresses (Setup, Connected Apps OAuth Usage), and whether its scopes include "Manage user data via APIs (api)".',
  },
  REQUEST_LIMIT_EXCEEDED: {
    kind: 'throttled',
    message: 'The org has used up its API calls.',
    remedy:
      'It goes on by itself as calls of the last 24 hours age out. See Setup, System Overview, API Usage for who uses them; sync less often or buy more calls if it happens again.',
  },
  API_DISABLED_FOR_ORG: {
    kind: 'permission',
    message: 'The org or the user has no API access.',
    remedy: `The edition must include the API. ${ACCESS}`,
  },
  API_CURRENTLY_DISABLED: {
    kind: 'permission',
    message: 'API access is switched off for the user.',
    remedy: ACCESS,
  },
  INSUFFICIENT_ACCESS: { kind: 'permission', message: 'The user may not do this.', remedy: ACCESS },
  INSUFFICIENT_ACCESS_OR_READONLY: {
    kind: 'permission',
    message: 'The user may not do this.',
    remedy: ACCESS,
  },
  FUNCTIONALITY_NOT_ENABLED: {
    kind: 'permission',
    message: 'The org lacks a feature that is needed.',
    remedy: ACCESS,
  },
  INVALID_TYPE: {
    kind: 'permission',
    message: 'The object is not there for this user.',
    remedy: `${ACCESS} Where the org has no such object, leave its entity out of the connection's sync.`,
  },
  NOT_FOUND: {
    kind: 'configuration',
    message: 'Salesforce does not know what was asked for.',
    remedy:
      'See whether the API version in the settings exists (check lists it), and whether the user can see the object and the field of the external id.',
  },
  UNSUPPORTED_API_VERSION: {
    kind: 'configuration',
    message: 'The API version in the settings is no longer served.',
    remedy: 'Set apiVersion to a current one, like "62.0".',
  },
  INVALID_FIELD: {
    kind: 'configuration',
    message: 'A field that is asked for does not exist, or the user may not see it.',
    remedy: "Correct the field's name in the mapping, or give the user read access to it.",
  },
  SERVER_UNAVAILABLE: { kind: 'transient', message: 'Salesforce is not available.', remedy: WAIT },
  QUERY_TIMEOUT: { kind: 'transient', message: 'A query took Salesforce too long.', remedy: WAIT },
  UNABLE_TO_LOCK_ROW: { kind: 'transient', message: 'Records were locked by another change.', remedy: WAIT },
  UNKNOWN_EXCEPTION: { kind: 'transient', message: 'Salesforce failed inside.', remedy: WAIT },
};

const BY_STATUS: Readonly<Record<number, CallError>> = {
  401: { ...code('INVALID_SESSION_ID') },
  403: { kind: 'permission', message: 'Salesforce refuses the call.', remedy: ACCESS },
  404: { ...code('NOT_FOUND') },
  410: { ...code('UNSUPPORTED_API_VERSION') },
  414: tooManyFields(),
  431: tooManyFields(),
  429: {
    kind: 'throttled',
    message: 'Salesforce asks to slow down.',
    remedy: 'Nothing to do: it goes on by itself.',
  },
};

const DAILY_WAIT_MS = 15 * 60_000;
const CONCURRENCY_WAIT_MS = 30_000;

/** The hub's error for anything that stopped a call. What it already understands, an abort included, stays as is. */
export function toHubError(error: unknown, now: number): Error {
  if (error instanceof ConnectorError) return error;
  if (error instanceof TransportError) return fromTransport(error);
  if (error instanceof ApiFailure) return fromFailure(error, now);
  return error instanceof Error ? error : new Error(String(error));
}

function fromFailure(failure: ApiFailure, now: number): ConnectorError {
  const entry = BY_CODE[failure.code] ?? BY_STATUS[failure.status] ?? other(failure);
  const detail = failure.items.map((item) => `${item.code}: ${item.message}`).join('\n');
  return new ConnectorError({
    ...entry,
    code: failure.items.length === 0 && failure.unreadable ? 'UNREADABLE_ANSWER' : failure.code,
    ...(detail === '' ? {} : { detail }),
    ...(entry.kind === 'throttled' ? { retryAt: now + waitOf(failure) } : {}),
    cause: failure,
  });
}

/** Many calls at once free up in seconds; a day's quota frees up by the hour. */
function waitOf(failure: ApiFailure): number {
  if (failure.retryAfterMs !== undefined) return failure.retryAfterMs;
  return /concurrent/i.test(failure.message) ? CONCURRENCY_WAIT_MS : DAILY_WAIT_MS;
}

function other(failure: ApiFailure): CallError {
  const status = `HTTP ${String(failure.status)}`;
  if (failure.status >= 500)
    return { kind: 'transient', message: `Salesforce is not available (${status}).`, remedy: WAIT };
  if (failure.unreadable && failure.status < 400)
    return { kind: 'transient', message: 'The answer came damaged or cut off.', remedy: WAIT };
  return {
    kind: 'system',
    message: `Salesforce refused a call of the connector (${failure.code}, ${status}).`,
    remedy:
      'Report it with the detail shown; it is a fault of the connector or an unusual setting of the org.',
  };
}

function fromTransport(error: TransportError): Error {
  if (error.code === 'aborted') return error;
  const reachable = error.code === 'reset' || error.code === 'timeout';
  return new ConnectorError({
    kind: 'transient',
    code: `CONNECTION_${error.code.toUpperCase()}`,
    message: reachable
      ? 'The connection to Salesforce broke before the answer was complete.'
      : 'Salesforce can not be reached.',
    remedy: reachable
      ? WAIT
      : 'See whether loginUrl and instanceUrl in the settings are right, and whether a firewall or proxy lets the hub through.',
    detail: error.message,
    cause: error,
  });
}

function code(name: string): CallError {
  const entry = BY_CODE[name];
  if (entry === undefined) throw new Error(`no entry ${name}`);
  return entry;
}

function tooManyFields(): CallError {
  return {
    kind: 'configuration',
    message: 'The query for the mapped fields is longer than Salesforce takes (16,384 bytes).',
    remedy: 'Map fewer fields of this object.',
  };
}
