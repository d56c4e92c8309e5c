import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key may do: read, or everything. */
export type Scope = 'read' | 'admin';

const FORM = /^rap_[\w-]{43}$/;

/** A new key: 256 random bits, told once. */
export function newKey(): string {
  return `rap_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a key. Random keys need no salt and no slow hash: there is nothing to guess. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function isKeyForm(text: string): boolean {
  return FORM.test(text);
}

/** In constant time, both being hashes of one length. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
