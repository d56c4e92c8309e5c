import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SecretError } from './errors.js';
import type { KeyRing } from './key-ring.js';
import type { KeySource } from './key-source.js';

/**
 * A sealed value is `v1.KEY.DATA`: the id of the key, and base64url of nonce, ciphertext and tag (AES-256-GCM). The
 * context (what the secret belongs to) is authenticated with it: a value copied to another row does not open there.
 */
const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^v1\.([0-9a-f]{12})\.([A-Za-z0-9_-]{38,})$/;

interface Sealed {
  readonly keyId: string;
  readonly data: Buffer;
}

function parse(sealed: string): Sealed {
  const [, keyId, data] = FORM.exec(sealed) ?? [];
  if (keyId !== undefined && data !== undefined) return { keyId, data: Buffer.from(data, 'base64url') };
  throw new SecretError({
    code: 'malformed',
    message: 'A stored secret is not in the form that Rapport writes.',
    remedy: 'Enter it again, or restore it from a backup.',
  });
}

function authenticated(keyId: string, context: string): Buffer {
  return Buffer.from(`rapport ${VERSION}\0${keyId}\0${context}`, 'utf8');
}

/** Seals secrets for storage and opens them again. */
export class Vault {
  private ring: KeyRing;

  constructor(private readonly source: KeySource) {
    this.ring = source.read();
  }

  /** `context` says what the secret belongs to (`connection:ID:credentials`); the same is needed to open it. */
  seal(plaintext: string, context: string): string {
    const { id, bytes } = this.ring.current;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, bytes, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(authenticated(id, context));
    const data = Buffer.concat([
      nonce,
      cipher.update(plaintext, 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return `${VERSION}.${id}.${data.toString('base64url')}`;
  }

  /** Throws {@link SecretError} when the key is not here, or the value was changed or belongs to something else. */
  open(sealed: string, context: string): string {
    const { keyId, data } = parse(sealed);
    const decipher = createDecipheriv(ALGORITHM, this.key(keyId), data.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(authenticated(keyId, context));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new SecretError({
        code: 'tampered',
        message: 'A stored secret was changed since Rapport wrote it, or moved to where it does not belong.',
        remedy: 'Enter it again, and find out who wrote to the database.',
        cause,
      });
    }
  }

  /** Whether it is sealed with the current key. */
  isCurrent(sealed: string): boolean {
    return parse(sealed).keyId === this.ring.current.id;
  }

  /** The same secret under the current key; the value itself when it is already. */
  reseal(sealed: string, context: string): string {
    return this.isCurrent(sealed) ? sealed : this.seal(this.open(sealed, context), context);
  }

  /**
   * Makes a new current key where the hub keeps the keys itself; false where the environment gives them, and whoever
   * sets it puts the new one first. Reseal everything next, then {@link forgetOldKeys}.
   */
  addKey(): boolean {
    if (this.source.addKey === undefined) return false;
    this.ring = this.source.addKey();
    return true;
  }

  forgetOldKeys(): void {
    this.source.forgetOldKeys?.();
    this.ring = this.source.read();
  }

  private key(id: string): Buffer {
    const known = this.ring.byId.get(id);
    if (known !== undefined) return known.bytes;
    // Another process may have rotated the keys since.
    this.ring = this.source.read();
    const added = this.ring.byId.get(id);
    if (added !== undefined) return added.bytes;
    throw new SecretError({
      code: 'key-missing',
      message: `A stored secret was sealed with the key ${id}, which is not here.`,
      remedy:
        'Set RAPPORT_ENCRYPTION_KEY to the keys that all machines of this hub share, restore the encryption.key ' +
        'file of the data folder, or enter the secret again.',
    });
  }
}
