/** What a refusal of the Streaming API means (Streaming API Developer Guide, "Streaming API Error Codes"). */
import { ConnectorError, type FailureKind } from '../../../src/sdk/index.js';
import type { BayeuxRefusal } from './bayeux.js';

/** The replay id is older than what is kept (72 hours), or not one of this org. */
export function isExpired(refusal: BayeuxRefusal): boolean {
  return refusal.code === '400' && /replay ?id/i.test(refusal.message);
}

interface Entry {
  readonly matches: RegExp;
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly waitMs?: number;
}

const ACCESS =
  'In Setup, Change Data Capture, select the object; give the integration user Read and View All on it. Until then it is read on schedule.';

const ENTRIES: readonly Entry[] = [
  {
    matches: /daily limit exceeded/i,
    kind: 'throttled',
    code: 'EVENTS_LIMIT_EXCEEDED',
    message: 'The org has used up the change events it delivers in 24 hours.',
    remedy:
      'It goes on by itself; until then changes come with the scheduled reads. Add-ons raise the limit.',
    waitMs: 3_600_000,
  },
  {
    matches: /(concurrent|maximum).*(exceeded|reached)|server is too busy/i,
    kind: 'throttled',
    code: 'CLIENTS_LIMIT_EXCEEDED',
    message: 'The org lets no more clients listen at once.',
    remedy: 'It is tried again by itself; end other programs that listen, if it stays so.',
    waitMs: 300_000,
  },
  {
    matches: /^(403|404):|channel.*(does not exist|unknown)/i,
    kind: 'permission',
    code: 'CHANNEL_REFUSED',
    message: 'The integration user may not listen to change events.',
    remedy: ACCESS,
  },
  {
    matches: /^5\d\d:/,
    kind: 'transient',
    code: 'STREAM_UNAVAILABLE',
    message: 'Salesforce does not stream just now.',
    remedy: 'Nothing to do: it is tried again by itself.',
  },
];

export function streamError(refusal: BayeuxRefusal, now: number): ConnectorError {
  const entry = ENTRIES.find(({ matches }) => matches.test(refusal.message));
  if (entry === undefined)
    return new ConnectorError({
      kind: 'system',
      code: 'STREAM_REFUSED',
      message: 'Salesforce refuses to stream.',
      remedy: 'Report it with the detail shown; changes come with the scheduled reads.',
      detail: refusal.message,
      cause: refusal,
    });
  const { kind, code, message, remedy, waitMs } = entry;
  return new ConnectorError({
    kind,
    code,
    message,
    remedy,
    detail: refusal.message,
    ...(waitMs === undefined ? {} : { retryAt: now + waitMs }),
    cause: refusal,
  });
}
