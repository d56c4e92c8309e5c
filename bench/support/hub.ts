/** The hub as people run it: `rapport serve`, built, in a process of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/platform/package-root.js';
import { ended, firstMatch } from './child.js';
import { cpuMs, peakMemoryMiB } from './process.js';

export interface HubOptions {
  readonly databaseUrl: string;
  /** Contents of rapport.yaml. */
  readonly configuration: object;
  /** Where to put a CPU profile when the hub ends. */
  readonly profileTo?: string | undefined;
}

const CLI = join(packageRoot(), 'dist', 'src', 'cli.js');

export class Hub {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly key: string,
  ) {}

  static async start({ databaseUrl, configuration, profileTo }: HubOptions): Promise<Hub> {
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
    const child = spawn(process.execPath, [...profile, CLI, 'serve'], {
      env,
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    const [, key = ''] = await firstMatch(child, 'stderr', /keep it safe:\s+(\S+)/);
    return new Hub(folder, child, url, key);
  }

  /** Starts a sync of everything, or of the connections named; returns the run's id. */
  async sync(connections?: readonly string[]): Promise<string> {
    const answer = await fetch(`${this.url}/api/v1/runs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.key}` },
      body: JSON.stringify({ full: false, ...(connections && { connections }) }),
    });
    if (!answer.ok) throw new Error(`starting a run: ${String(answer.status)} ${await answer.text()}`);
    return ((await answer.json()) as { runId: string }).runId;
  }

  cpuMs(): number {
    return cpuMs(this.child.pid ?? 0);
  }

  peakMemoryMiB(): number {
    return peakMemoryMiB(this.child.pid ?? 0);
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await ended(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
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
