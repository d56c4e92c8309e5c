/** Starts an entry of `dist` on the pinned Node, built from the sources that are there. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NEEDED_MAJOR = 24;

function pinnedNode() {
  try {
    const found = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return existsSync(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Runs the same command on another Node, hands it the signals, and ends as it ends. */
function runOn(node) {
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  // A terminal sends SIGINT to both processes: only wait. The others are sent to this process alone.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
    child.on('error', (error) => {
      process.stderr.write(`The pinned Node could not be started: ${error.message}\n`);
      resolve(1);
    });
  });
}

function build() {
  const result = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'build.mjs'), '--if-needed', '--lenient'],
    {
      // Whatever it prints goes to stderr: stdout belongs to the command.
      stdio: ['ignore', 2, 2],
    },
  );
  return result.status === 0;
}

function loadEnvironment() {
  try {
    process.loadEnvFile('.env');
  } catch {
    process.stderr.write(
      'This user may not read the .env of this folder.\nGive it to who runs the hub (`chown`), with mode 600.\n',
    );
    process.exit(2);
  }
}

/**
 * @param {string} entry path below `dist`
 * @param {readonly string[]} args arguments the entry sees
 */
export async function start(entry, args) {
  if (Number.parseInt(process.versions.node, 10) < NEEDED_MAJOR) {
    const node = pinnedNode();
    if (node === undefined) {
      process.stderr.write(
        `Node ${NEEDED_MAJOR} is needed, and the pinned one is not there. Run \`npm ci\` first.\n`,
      );
      process.exit(1);
    }
    process.exit(await runOn(node));
  }
  const script = join(root, 'scripts', 'fingerprint.mjs');
  if (existsSync(script)) {
    const { isFresh } = await import(pathToFileURL(script).href);
    if (!isFresh() && !build()) process.exit(1);
  }
  // What the environment says already wins over the file.
  if (existsSync('.env')) loadEnvironment();
  const { enableCompileCache } = await import('node:module');
  enableCompileCache(join(root, 'node_modules', '.cache', 'rapport'));
  const file = join(root, 'dist', entry);
  process.argv.splice(1, process.argv.length, file, ...args);
  await import(pathToFileURL(file).href);
}
