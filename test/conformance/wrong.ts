/** What broken connectors have in common. */
import {
  ConnectorError,
  type FailureKind,
  type HttpResponse,
  type JsonValue,
  type PropertyValues,
  type PushOutcome,
} from '../../src/sdk/index.js';

export const ASTRAL = /[\u{10000}-\u{10ffff}]/gu;

export function refusing(response: HttpResponse): HttpResponse {
  if (response.status === 401) throw failed('credentials');
  return response;
}

export function failed(kind: FailureKind): ConnectorError {
  return new ConnectorError({ kind, code: 'DEFECT', message: 'It is broken.', remedy: 'Mend it.' });
}

export function isKind(error: unknown, kind: FailureKind): boolean {
  return error instanceof ConnectorError && error.kind === kind;
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof ConnectorError && error.code === code;
}

export function refused(key: string): PushOutcome {
  return { key, status: 'rejected', rejections: [{ code: 'NO', message: 'No.', remedy: 'None.' }] };
}

export function mapped(
  given: PropertyValues,
  change: (value: JsonValue, name: string) => JsonValue,
): PropertyValues {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, change(value, name)]));
}

export function dropped(given: PropertyValues, name: string): PropertyValues {
  return Object.fromEntries(Object.entries(given).filter(([one]) => one !== name));
}
