/** Whether the hub answers where the world is told to find it. */
import { z } from 'zod';
import { errorCode } from '../platform/error-code.js';
import { failed, ok, warning, type Finding } from './finding.js';

export type AddressAnswer =
  | { readonly kind: 'ready' }
  /** It is the hub, and says why it cannot be used. */
  | { readonly kind: 'unready'; readonly why: string }
  | { readonly kind: 'stranger'; readonly status: number }
  /** A code of Node's, or `TIMEOUT`. */
  | { readonly kind: 'silent'; readonly code: string };

const PATIENCE_MS = 5_000;

const READY = z.object({
  status: z.enum(['ok', 'error']),
  error: z.record(z.string(), z.object({ message: z.string().optional() })),
});

/** Asks the hub's own health there, from this machine. */
export async function askAddress(publicUrl: string): Promise<AddressAnswer> {
  let response: Response;
  try {
    response = await fetch(`${publicUrl}/health/ready`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    return { kind: 'silent', code: codeOf(error) };
  }
  const body = READY.safeParse(await response.json().catch(() => undefined));
  if (!body.success) return { kind: 'stranger', status: response.status };
  if (response.ok) return { kind: 'ready' };
  const whys = Object.values(body.data.error).flatMap(({ message }) => message ?? []);
  return { kind: 'unready', why: whys.join(' ') };
}

/** `fetch` says what happened in the cause of its error. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('name' in error && error.name === 'TimeoutError') return 'TIMEOUT';
  return errorCode('cause' in error ? error.cause : error) ?? 'unknown';
}

/** @param answer what was heard at `publicUrl`; undefined where that is not set */
export function judgeAddress(publicUrl: string | undefined, answer: AddressAnswer | undefined): Finding {
  if (publicUrl === undefined || answer === undefined) {
    return warning(
      'public-url',
      'PUBLIC_URL is not set, so webhooks can only be verified if they are sent to the address the hub listens on.',
      'Set PUBLIC_URL to how the world reaches the hub, or leave it if no system sends webhooks.',
    );
  }
  if (answer.kind === 'unready') {
    const remedy =
      'Run one release everywhere, and see that its database answers: then restart `rapport serve`.';
    return failed('public-url', `${publicUrl} answers that it cannot work: ${answer.why}`, remedy);
  }
  if (answer.kind !== 'ready') return unheard(publicUrl, answer);
  return publicUrl.startsWith('https:')
    ? ok('public-url', `the hub answers at ${publicUrl}`)
    : warning(
        'public-url',
        `${publicUrl} is not encrypted.`,
        'Put a proxy with TLS before the hub, and set PUBLIC_URL to its https address.',
      );
}

/** No failure for sure: an address of the outside may not be reachable from within. */
function unheard(
  publicUrl: string,
  answer: AddressAnswer & { readonly kind: 'stranger' | 'silent' },
): Finding {
  const heard =
    answer.kind === 'silent'
      ? `Nothing answers at ${publicUrl} when asked from here (${answer.code}).`
      : `What answers at ${publicUrl} is not the hub (HTTP ${String(answer.status)}).`;
  return warning(
    'public-url',
    `${heard} Webhooks may not arrive.`,
    `See that \`rapport serve\` runs and that the proxy before it passes requests on. If only the outside can reach it, look from there at ${publicUrl}/health/ready.`,
  );
}
