/** HubSpot's signature v3: https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookRequest } from '../../src/sdk/index.js';

/** Older requests, and those from the future, are refused. */
export const MAX_AGE_MS = 300_000;

/** Percent codes that HubSpot decodes in the URI before it signs; all others stay as they are. */
const DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

interface SignatureProblem {
  readonly reason: 'signature' | 'stale';
  readonly message: string;
}

/** undefined when the request is HubSpot's own and fresh. */
export function signatureProblem(
  request: WebhookRequest,
  clientSecret: string,
): SignatureProblem | undefined {
  const signature = request.headers['x-hubspot-signature-v3'];
  const timestamp = request.headers['x-hubspot-request-timestamp'];
  if (signature === undefined || timestamp === undefined || !/^\d{1,16}$/.test(timestamp))
    return { reason: 'signature', message: 'The request has no HubSpot signature of version 3.' };
  if (!sameSecretly(signature, sign(request, { clientSecret, timestamp })))
    return {
      reason: 'signature',
      message:
        'The signature does not fit: the client secret or the public address of the hub is another one than HubSpot uses.',
    };
  if (Math.abs(request.receivedAt - Number(timestamp)) > MAX_AGE_MS)
    return { reason: 'stale', message: 'The request was signed more than five minutes away from now.' };
  return undefined;
}

/** Base64 HMAC-SHA256 over method, URI, body and timestamp. */
export function sign(
  request: Pick<WebhookRequest, 'method' | 'url' | 'rawBody'>,
  key: { readonly clientSecret: string; readonly timestamp: string },
): string {
  return createHmac('sha256', key.clientSecret)
    .update(request.method.toUpperCase() + decodeUri(request.url))
    .update(request.rawBody)
    .update(key.timestamp)
    .digest('base64');
}

export function decodeUri(uri: string): string {
  return uri.replace(/%[0-9a-f]{2}/gi, (code) => DECODED[code.toUpperCase()] ?? code);
}

function sameSecretly(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
