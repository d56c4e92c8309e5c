/** The `rapport` command as a person runs it: the built one, as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../src/platform/package-root.js';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
}

export type CliEnvironment = Readonly<Record<string, string>>;

/** @param folder where it is run; here unless told */
export function startCli(args: readonly string[], environment: CliEnvironment, folder?: string): RunningCli {
  const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'rapport.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const result = Promise.all([ended, text(child.stdout), text(child.stderr)]).then(
    ([code, stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, result };
}

export async function runCli(
  args: readonly string[],
  environment: CliEnvironment,
  folder?: string,
): Promise<CliResult> {
  return startCli(args, environment, folder).result;
}
