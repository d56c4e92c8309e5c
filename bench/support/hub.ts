/** The hub as people run it: `rapport serve` and `rapport worker`, built, in processes of their own. */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/platform/package-root.js';
import { ended, firstMatch, startProcess } from './child.js';
import { cpuMs, peakMemoryMiB } from './process.js';

export interface HubOptions {
  readonly databaseUrl: string;
  /** Contents of rapport.yaml. */
  readonly configuration: object;
  /** Where to put a CPU profile when the hub ends. */
  readonly profileTo?: string | undefined;
  /** Processes of `rapport worker`, `serve` leaving the jobs to them; without it `serve` does all. */
  readonly workers?: number | undefined;
}

const CLI = join(packageRoot(), 'dist', 'src', 'cli.js');
/** Node's flags, as the `rapport` command has them. */
const FLAGS = nodeFlags();

export class Hub {
  private constructor(
    private readonly folder: string,
    private readonly children: readonly ChildProcess[],
    readonly url: string,
    private readonly key: string,
  ) {}

  static async start({ databaseUrl, configuration, profileTo, workers }: HubOptions): Promise<Hub> {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-hub-'));
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      DATABASE_URL: databaseUrl,
      RAPPORT_DATA_DIR: folder,
      RAPPORT_LOG_LEVEL: 'warn',
      PORT: port,
      PUBLIC_URL: url,
    };
    const file = join(folder, 'rapport.json');
    writeFileSync(file, JSON.stringify(configuration));
    const applied = spawnSync(process.execPath, [CLI, 'apply', file], { env, encoding: 'utf8' });
    if (applied.status !== 0) throw new Error(`rapport apply: ${applied.stdout}${applied.stderr}`);
    const profile = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
    const server = startProcess([...FLAGS, ...profile, CLI, 'serve'], {
      env: { ...env, ...(workers !== undefined && { RAPPORT_WORKERS: '0' }) },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    const [, key = ''] = await firstMatch(server, 'stderr', /keep it safe:\s+(\S+)/);
    const others = await Promise.all(Array.from({ length: workers ?? 0 }, () => startWorker(env)));
    return new Hub(folder, [server, ...others], url, key);
  }

  /** Starts a sync of everything, saying yes beforehand to what it may stop to ask; returns the run's id. */
  async sync(): Promise<string> {
    const answer = await this.call('api/v1/runs', JSON.stringify({ full: false, approve: true }));
    return ((await answer.json()) as { runId: string }).runId;
  }

  /** GET, or POST with a body. */
  async call(path: string, body?: string): Promise<Response> {
    const answer = await fetch(`${this.url}/${path}`, {
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.key}` },
      ...(body !== undefined && { method: 'POST', body }),
    });
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
    return answer;
  }

  /** Of all its processes. */
  cpuMs(): number {
    return this.children.reduce((sum, { pid = 0 }) => sum + cpuMs(pid), 0);
  }

  /** Of the process that held most. */
  peakMemoryMiB(): number {
    return Math.max(...this.children.map(({ pid = 0 }) => peakMemoryMiB(pid)));
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGTERM');
    await Promise.all(this.children.map(ended));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function startWorker(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const worker = startProcess([...FLAGS, CLI, 'worker'], {
    env: { ...env, RAPPORT_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  await firstMatch(worker, 'stderr', /Rapport works/);
  return worker;
}

function nodeFlags(): string[] {
  const [first = ''] = readFileSync(join(packageRoot(), 'bin', 'rapport.mjs'), 'utf8').split('\n');
  return first.split(' ').filter((word) => word.startsWith('--'));
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
