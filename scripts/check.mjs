/**
 * `npm run check`: everything that can be told without running the product. All checks run, however many fail; with
 * names (`npm run check -- types lint`) only those.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './fingerprint.mjs';
import { generate } from './generate.mjs';

/** A program of a package, run by this Node. */
function program(name, path, ...args) {
  return [process.execPath, join(root, 'node_modules', name, path), ...args];
}

function script(name) {
  return [
    process.execPath,
    '--import',
    join(root, 'node_modules/tsx/dist/loader.mjs'),
    join(root, 'scripts', name),
  ];
}

const CHECKS = {
  format: () => program('prettier', 'bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  types: () => program('typescript', 'bin/tsc', '-p', '.'),
  lint: () => program('eslint', 'bin/eslint.js', '--max-warnings', '0', '.'),
  layers: () =>
    program(
      'dependency-cruiser',
      'bin/dependency-cruise.mjs',
      ...[
        '--config',
        '.dependency-cruiser.mjs',
        '--output-type',
        'err',
        'src',
        'connectors',
        'templates',
        'test',
        'chaos',
        'bench',
        'scripts',
      ],
    ),
  'dead-code': () => program('knip', 'bin/knip.js', '--no-progress'),
  migrations: () => script('check-migrations.ts'),
  compose: () => script('check-compose.ts'),
};

function run(name) {
  const [command, ...args] = CHECKS[name]();
  const startedAt = performance.now();
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const passed = result.status === 0;
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  if (!passed) process.stdout.write(`${result.stdout ?? ''}${result.stderr ?? ''}\n`);
  return passed;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in CHECKS));
if (unknown.length > 0 || !generate()) {
  if (unknown.length > 0)
    process.stderr.write(`There is no check ${unknown.join(', ')}: ${Object.keys(CHECKS).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const results = (asked.length > 0 ? asked : Object.keys(CHECKS)).map(run);
  if (results.includes(false)) process.exitCode = 1;
}
