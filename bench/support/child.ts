/** Processes the bench starts, and ends again. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../src/platform/package-root.js';

const LOADER = join(packageRoot(), 'node_modules', 'tsx', 'dist', 'loader.mjs');

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process on the bench's own Node; it does not outlive the bench, however that ends. */
export function startProcess(args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** A TypeScript program of the bench. */
export function startProgram(file: string, args: readonly string[]): ChildProcess {
  return startProcess(['--import', LOADER, join(packageRoot(), 'bench', file), ...args], {
    cwd: packageRoot(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Waits for the end of a process that was told to end. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** What the process says first that `pattern` fits. */
export async function firstMatch(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
  pattern: RegExp,
): Promise<RegExpExecArray> {
  let text = '';
  return new Promise((resolve, reject) => {
    child[stream]?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const found = pattern.exec(text);
      if (found !== null) resolve(found);
    });
    child.once('exit', (code) => {
      reject(new Error(`A process of the bench ended with ${String(code)}: ${text.slice(-2000)}`));
    });
  });
}
