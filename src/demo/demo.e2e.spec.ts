import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../platform/package-root.js';

async function demo(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'demo.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { said, complained, code };
}

describe('npm run demo', () => {
  it('ends well with --once, having proved that both systems agree and that quiet is quiet', async () => {
    const { said, code } = await demo('--once', '--people', '120');
    expect(said).toMatch(/[\d,]+ linked records compared on [\d,]+ values: [\d,]+ identical, \d+ not/);
    expect(said).toContain('AGREED: the two systems say the same wherever they are able to.');
    expect(said).toMatch(/It stood in Salesforce \d+ ms later, by webhook\./);
    expect(said).toContain('quiet: not one write to either system.');
    expect(code).toBe(0);
  }, 180_000);

  it('says what it does not understand, and how it is used', async () => {
    const { said, complained, code } = await demo('--twice');
    expect(said).toBe('');
    expect(complained).toContain('"--twice" is not understood.');
    expect(complained).toContain('--once');
    expect(code).toBe(2);
  }, 120_000);
});
