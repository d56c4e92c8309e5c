import type { JsonValue } from '../../src/sdk/index.js';
import { Refused } from './crm.js';

/** One call of a counterpart's control plane; its answer as JSON. */
export async function control(
  url: string,
  call: { readonly method?: string; readonly path: string; readonly body?: unknown },
): Promise<JsonValue> {
  const response = await fetch(`${url}/__control/${call.path}`, {
    method: call.method ?? 'POST',
    ...(call.body !== undefined && {
      body: JSON.stringify(call.body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new Refused(`${call.path}: ${text.slice(0, 300)}`);
  return text === '' ? null : (JSON.parse(text) as JsonValue);
}
