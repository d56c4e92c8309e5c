/** Runs jest with the arguments given; the last line says how many tests passed and failed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generate } from './generate.mjs';

/** Counts of the run; one failure when it ended without any. */
function counts(file, status) {
  const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0 };
  return status !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found;
}

function run() {
  if (!generate()) return { passed: 0, failed: 1 };
  const folder = mkdtempSync(join(tmpdir(), 'rapport-summary-'));
  const summary = join(folder, 'summary.json');
  const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  try {
    const result = spawnSync(process.execPath, [...flags, jest, ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: { ...process.env, RAPPORT_TEST_SUMMARY: summary },
    });
    return counts(summary, result.status ?? 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { passed, failed } = run();
process.stdout.write(`${String(passed)} passed, ${String(failed)} failed\n`);
if (failed > 0) process.exitCode = 1;
