import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SecretError } from './errors.js';
import { newKey } from './key-ring.js';
import { keysFromFile, keysFromText } from './key-source.js';
import { Vault } from './vault.js';

const text = fc.string({ unit: 'binary' });

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error instanceof SecretError ? error.code : 'another error';
  }
}

describe('a sealed secret', () => {
  const vault = new Vault(keysFromText(newKey()));

  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(text, text, (secret, context) => {
        expect(vault.open(vault.seal(secret, context), context)).toBe(secret);
      }),
    );
  });

  it('looks different each time', () => {
    fc.assert(
      fc.property(text, (secret) => {
        expect(vault.seal(secret, 'c')).not.toBe(vault.seal(secret, 'c'));
      }),
    );
  });

  it('does not open for another context', () => {
    fc.assert(
      fc.property(text, text, text, (secret, context, other) => {
        fc.pre(context !== other);
        expect(codeOf(() => vault.open(vault.seal(secret, context), other))).toBe('tampered');
      }),
    );
  });

  it('does not open when any of its characters is changed', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (secret, place, change) => {
        const sealed = vault.seal(secret, 'c');
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
        const at = place % sealed.length;
        const character = alphabet[change % alphabet.length] ?? 'A';
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        // The last character carries bits that decoding drops: the same bytes in other letters are the same value.
        fc.pre(Buffer.from(changed.split('.')[2] ?? '', 'base64url').compare(bytes(sealed)) !== 0 || at < 15);
        fc.pre(changed !== sealed);
        expect(['tampered', 'malformed', 'key-missing']).toContain(codeOf(() => vault.open(changed, 'c')));
      }),
    );
  });

  it('says which key is missing, and nothing else', () => {
    const sealed = new Vault(keysFromText(newKey())).seal('hunter2', 'c');
    expect(() => vault.open(sealed, 'c')).toThrow(
      new RegExp(`key ${sealed.split('.')[1] ?? ''}, which is not here`),
    );
  });

  it('tells a value that was never sealed', () => {
    expect(codeOf(() => vault.open('plain text', 'c'))).toBe('malformed');
  });
});

function bytes(sealed: string): Buffer {
  return Buffer.from(sealed.split('.')[2] ?? '', 'base64url');
}

describe('keys given by the environment', () => {
  it('may be several: the first seals, all open, and resealing moves a secret to the first', () => {
    fc.assert(
      fc.property(text, (secret) => {
        const [oldKey, key] = [newKey(), newKey()];
        const sealed = new Vault(keysFromText(oldKey)).seal(secret, 'c');
        const both = new Vault(keysFromText(`${key},${oldKey}`));
        expect(both.isCurrent(sealed)).toBe(false);
        const resealed = both.reseal(sealed, 'c');
        expect(both.reseal(resealed, 'c')).toBe(resealed);
        expect(new Vault(keysFromText(key)).open(resealed, 'c')).toBe(secret);
      }),
      { numRuns: 20 },
    );
  });

  it.each(['', 'short', 'A'.repeat(44), `${newKey()},oops`])('must be 32 bytes in base64: %#', (keys) => {
    expect(codeOf(() => new Vault(keysFromText(keys)))).toBe('key-invalid');
  });

  it('are not rotated by the hub', () => {
    expect(new Vault(keysFromText(newKey())).addKey()).toBe(false);
  });
});

describe('keys in the data folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-keys-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('are made on first use, for their owner only, and stay', () => {
    const home = join(folder, 'data');
    const sealed = new Vault(keysFromFile(home)).seal('s', 'c');
    expect(statSync(join(home, 'encryption.key')).mode & 0o777).toBe(0o600);
    expect(new Vault(keysFromFile(home)).open(sealed, 'c')).toBe('s');
  });

  it('are refused while others may read them', () => {
    const source = keysFromFile(folder);
    source.read();
    chmodSync(join(folder, 'encryption.key'), 0o644);
    expect(codeOf(() => source.read())).toBe('key-exposed');
  });

  // Root may read everything.
  (process.getuid?.() === 0 ? it.skip : it)('are told to belong to somebody else when they do', () => {
    const source = keysFromFile(folder);
    source.read();
    chmodSync(join(folder, 'encryption.key'), 0);
    expect(codeOf(() => source.read())).toBe('key-unreadable');
  });

  it('are rotated under the eyes of a process that goes on', () => {
    const [running, rotating] = [new Vault(keysFromFile(folder)), new Vault(keysFromFile(folder))];
    const before = running.seal('s', 'c');
    expect(rotating.addKey()).toBe(true);
    const after = rotating.reseal(before, 'c');
    expect(running.open(after, 'c')).toBe('s');
    expect(running.open(before, 'c')).toBe('s');
    rotating.forgetOldKeys();
    expect(readFileSync(join(folder, 'encryption.key'), 'utf8').trim().split('\n')).toHaveLength(1);
    const late = new Vault(keysFromFile(folder));
    expect(late.open(after, 'c')).toBe('s');
    expect(codeOf(() => late.open(before, 'c'))).toBe('key-missing');
  });
});
