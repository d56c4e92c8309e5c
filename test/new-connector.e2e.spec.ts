import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/platform/package-root.js';
import { connectorFiles } from '../src/scaffold/template.js';
import { writeFiles } from '../src/scaffold/write-files.js';
import { runCli } from './helpers/cli.js';

const LIMIT_MS = 300_000;
const root = packageRoot();

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(process.env['RAPPORT_TEST_HOME'] ?? '', 'scaffold-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs Node to its end; what it printed, with a failing exit code told. */
function node(cwd: string, ...args: readonly string[]): string {
  const { NODE_OPTIONS: _, JEST_WORKER_ID: __, NODE_TEST_CONTEXT: ___, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  return status === 0 ? stdout : `exit code ${String(status)}\n${stdout}\n${stderr}`;
}

function count(printed: string, word: 'pass' | 'fail' | 'skipped'): number {
  return Number(new RegExp(`^. ${word} (\\d+)$`, 'm').exec(printed)?.[1]);
}

describe('rapport new connector', () => {
  it(
    'writes an npm package that compiles and passes the suite as it is, and prints its table',
    async () => {
      const place = join(folder, 'acme');
      const made = await runCli(['new', 'connector', 'acme-crm', '--package', place, '--json'], {});
      expect(made).toMatchObject({ code: 0 });
      expect((JSON.parse(made.stdout) as { files: string[] }).files).toEqual(
        expect.arrayContaining(['package.json', 'README.md', 'src/index.ts', 'src/conformance.spec.ts']),
      );
      const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
        readonly name: string;
        readonly dependencies: object;
        readonly devDependencies: object;
      };
      expect(manifest.name).toBe('rapport-connector-acme-crm');
      link(place, [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]);

      expect(node(place, join(root, 'node_modules/typescript/bin/tsc'))).toBe('');
      const tests = node(place, '--test', '--test-reporter=spec', 'dist/**/*.spec.js');
      expect([tests, count(tests, 'fail')]).toEqual([expect.anything(), 0]);
      expect(count(tests, 'pass')).toBeGreaterThan(80);
      const table = await runCli(['conformance', join(place, 'dist', 'conformance.js')], {});
      expect(table.code).toBe(0);
      expect(table.stdout).toMatch(/^Acme Crm: conformance\n/);
      expect(table.stdout).toMatch(/\d+ passed, 0 failed, \d+ do not apply\n$/);
    },
    LIMIT_MS,
  );

  it(
    'writes a connector for this repository whose suite passes',
    () => {
      for (const name of ['src', 'node_modules', 'package.json'])
        symlinkSync(join(root, name), join(folder, name));
      const place = join(folder, 'connectors', 'acme-crm');
      writeFiles(place, connectorFiles(root, 'acme-crm'));

      const loader = join(root, 'node_modules/tsx/dist/loader.mjs');
      const tests = node(
        folder,
        '--import',
        loader,
        '--test',
        '--test-reporter=spec',
        join(place, 'conformance.int.spec.ts'),
      );
      expect([tests, count(tests, 'fail')]).toEqual([expect.anything(), 0]);
      expect(count(tests, 'pass')).toBeGreaterThan(80);
      expect(tests).toContain('Acme Crm keeps the contract');
    },
    LIMIT_MS,
  );

  it(
    'overwrites nothing, and takes no name that is none',
    async () => {
      writeFileSync(join(folder, 'notes.txt'), 'mine');
      const full = await runCli(['new', 'connector', 'acme', '--package', folder], {});
      expect(full).toMatchObject({ code: 2, stderr: expect.stringContaining('not empty') as string });
      expect(existsSync(join(folder, 'package.json'))).toBe(false);
      const taken = await runCli(['new', 'connector', 'csv'], {});
      expect(taken.code).toBe(2);
      for (const name of ['Acme', '../acme', '7th', 'a--b']) {
        expect(await runCli(['new', 'connector', name], {})).toMatchObject({ code: 2 });
      }
    },
    LIMIT_MS,
  );

  it(
    'says what it looks for when there is no suite',
    async () => {
      const none = await runCli(['conformance', 'nobody'], {});
      expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('conformance.ts') as string });
    },
    LIMIT_MS,
  );
});

/** As `npm install` would, without the internet. */
function link(place: string, names: readonly string[]): void {
  for (const name of names) {
    const path = join(place, 'node_modules', name);
    mkdirSync(join(path, '..'), { recursive: true });
    symlinkSync(name === 'rapport' ? root : join(root, 'node_modules', name), path);
  }
}
