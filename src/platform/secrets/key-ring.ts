import { createHash, randomBytes } from 'node:crypto';
import { SecretError } from './errors.js';

const KEY_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;

export interface Key {
  /** Tells keys apart without telling anything of them; stands in every sealed value. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** The keys a process has: the first seals, all of them open. */
export interface KeyRing {
  readonly current: Key;
  readonly byId: ReadonlyMap<string, Key>;
}

function keyId(bytes: Buffer): string {
  return createHash('sha256').update('rapport key id\0').update(bytes).digest('hex').slice(0, 12);
}

/** A new key as it is written down: 32 random bytes in base64. */
export function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/**
 * Reads keys written one after the other, separated by commas or white space, the current one first. `source` says
 * where they come from, for errors.
 */
export function parseKeyRing(text: string, source: string): KeyRing {
  const written = text.split(/[\s,]+/).filter((part) => part !== '');
  const keys = written.map((part, index): Key => {
    const bytes = BASE64.test(part) ? Buffer.from(part, 'base64') : Buffer.alloc(0);
    if (bytes.length === KEY_BYTES) return { id: keyId(bytes), bytes };
    throw new SecretError({
      code: 'key-invalid',
      message: `Key ${String(index + 1)} in ${source} is not 32 bytes in base64.`,
      remedy: 'Make one with `openssl rand -base64 32`.',
    });
  });
  const current = keys[0];
  if (current === undefined) {
    throw new SecretError({
      code: 'key-invalid',
      message: `There is no key in ${source}.`,
      remedy: 'Make one with `openssl rand -base64 32`.',
    });
  }
  return { current, byId: new Map(keys.map((key) => [key.id, key])) };
}
