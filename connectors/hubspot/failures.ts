/** What can go wrong with one call, as the rest of the connector sees it. */
import { ConnectorError } from '../../src/sdk/index.js';
import { parseVendorError, type VendorError } from './vendor-error.js';

/** HubSpot refused the call: nothing of it was applied. */
export class RefusedError extends Error {
  readonly status: number;
  readonly error: VendorError;

  constructor(status: number, body: unknown) {
    const error = parseVendorError(body);
    super(`HubSpot answered ${String(status)}`);
    this.name = 'RefusedError';
    this.status = status;
    this.error = error;
  }
}

/** The call went out and no usable answer came back: it may or may not have been applied. */
export class LostAnswerError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LostAnswerError';
  }
}

export function transientError(message: string, cause?: unknown): ConnectorError {
  return new ConnectorError({
    kind: 'transient',
    code: 'HUBSPOT_UNAVAILABLE',
    message,
    remedy: 'Nothing to do: it is tried again. If it lasts, look at status.hubspot.com and at the network.',
    cause,
  });
}

export function throttledError(init: {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly retryAt: number;
}): ConnectorError {
  return new ConnectorError({ kind: 'throttled', ...init });
}

export function credentialsError(code: string, detail: string): ConnectorError {
  return new ConnectorError({
    kind: 'credentials',
    code,
    message: 'HubSpot refuses the credentials of this connection.',
    remedy:
      'Check that the private app, service key or installation still exists in HubSpot (Settings → Integrations), then give the connection a new token.',
    detail,
  });
}

export function permissionError(error: VendorError): ConnectorError {
  const scopes = [
    ...new Set(
      [error.context, ...(error.errors ?? []).map((detail) => detail.context)].flatMap(
        (context) => context?.['requiredGranularScopes'] ?? context?.['requiredScopes'] ?? [],
      ),
    ),
  ];
  const missing = scopes.length > 0 ? ` One of these is needed: ${scopes.join(', ')}.` : '';
  return new ConnectorError({
    kind: 'permission',
    code: error.category ?? 'FORBIDDEN',
    message: `The token of this connection may not do this in HubSpot.${missing}`,
    remedy: 'Add the scope to the app or key in HubSpot; an OAuth app must be installed again afterwards.',
    detail: error.message,
  });
}

/** A refusal that no single record is to blame for. */
export function refusalError(refused: RefusedError, doing: string): ConnectorError {
  return new ConnectorError({
    kind: 'system',
    code: refused.error.subCategory ?? refused.error.category ?? `HTTP_${String(refused.status)}`,
    message: `HubSpot refused to ${doing} (HTTP ${String(refused.status)}).`,
    remedy:
      'Run `rapport check` for this connection; if it finds nothing, report this with the detail below.',
    detail: refused.error.message,
  });
}
