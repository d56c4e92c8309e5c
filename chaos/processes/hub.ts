import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../src/platform/package-root.js';
import type { ProcessName } from '../plan/steps.js';

const ENTRIES: Readonly<Record<ProcessName, string>> = {
  serve: 'dist/src/main.js',
  'worker-1': 'dist/src/worker.js',
  'worker-2': 'dist/src/worker.js',
};
export const PROCESSES = Object.keys(ENTRIES) as readonly ProcessName[];
/** As a service manager does with what ended by itself. */
const RESTART_MS = 300;
const READY_MS = 60_000;
const STOP_MS = 20_000;

export interface HubOptions {
  /** Logs go here, one file a process. */
  readonly folder: string;
  readonly databaseUrl: string;
}

/** The hub as it runs in earnest: `serve` and two workers on one database, started again when they end. */
export class Hub {
  private readonly running = new Map<ProcessName, ChildProcess>();
  private readonly down = new Set<ProcessName>();
  private stopping = false;
  private databaseLostAt = 0;
  /** Processes that ended without being told or killed, and how. */
  readonly collapses: string[] = [];

  private constructor(
    private readonly options: HubOptions,
    readonly port: number,
  ) {}

  static async open(options: HubOptions): Promise<Hub> {
    const hub = new Hub(options, await freePort());
    process.on('exit', hub.leaveNobody);
    return hub;
  }

  /** However the run itself ends. */
  private readonly leaveNobody = (): void => {
    this.stopping = true;
    for (const child of this.running.values()) child.kill('SIGKILL');
  };

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** `rapport apply`. */
  async apply(configuration: object): Promise<void> {
    const path = join(this.options.folder, 'rapport.yaml');
    writeFileSync(path, JSON.stringify(configuration, null, 2));
    const child = this.spawn('apply', ['dist/src/cli.js', 'apply', path]);
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`rapport apply failed; see ${this.logOf('apply')}`);
  }

  async start(): Promise<void> {
    for (const name of PROCESSES) this.begin(name);
    await this.ready();
  }

  /** A process that comes up while its database goes down may give up: its service manager starts it again. */
  noteDatabaseLoss(): void {
    this.databaseLostAt = Date.now();
  }

  /** SIGKILL, and a new process a little later. */
  async kill(name: ProcessName, downMs: number): Promise<void> {
    const child = this.running.get(name);
    if (child === undefined || this.down.has(name)) return;
    this.down.add(name);
    child.kill('SIGKILL');
    await ended(child);
    await sleep(downMs);
    this.down.delete(name);
    if (!this.stopping) this.begin(name);
  }

  /** Resolves when `serve` answers and everything else runs. */
  async ready(): Promise<void> {
    const giveUpAt = Date.now() + READY_MS;
    while (!(await this.answers()) || this.down.size > 0) {
      if (Date.now() > giveUpAt) throw new Error(`The hub does not come up; see ${this.options.folder}`);
      await sleep(50);
    }
  }

  /** The first API key, as `serve` tells it to its terminal once. */
  async firstKey(): Promise<string> {
    const giveUpAt = Date.now() + READY_MS;
    while (Date.now() < giveUpAt) {
      const found = /keep it safe:\s+(\S+)\n/.exec(readFileSync(this.logOf('serve'), 'utf8'))?.[1];
      if (found !== undefined) return found;
      await sleep(20);
    }
    throw new Error(`serve told no API key; see ${this.logOf('serve')}`);
  }

  /** SIGTERM, as a rolling restart does; names those that had to be killed in the end, or ended badly. */
  async stop(): Promise<readonly string[]> {
    this.stopping = true;
    const bad = await Promise.all(
      [...this.running].map(async ([name, child]) => {
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
        await ended(child);
        clearTimeout(timer);
        return child.exitCode === 0
          ? []
          : [`${name} ended with ${child.signalCode ?? String(child.exitCode)}`];
      }),
    );
    process.off('exit', this.leaveNobody);
    return bad.flat();
  }

  private begin(name: ProcessName): void {
    const begunAt = Date.now();
    const child = this.spawn(name, [ENTRIES[name]]);
    this.running.set(name, child);
    child.once('exit', (code) => {
      if (this.stopping || this.down.has(name)) return;
      const isExcused = begunAt < this.databaseLostAt && !this.hasComeUp(name, child);
      if (!isExcused) this.collapses.push(`${name} ended by itself with ${String(code)}`);
      this.down.add(name);
      setTimeout(() => {
        this.down.delete(name);
        if (!this.stopping) this.begin(name);
      }, RESTART_MS);
    });
  }

  private hasComeUp(name: ProcessName, { pid }: ChildProcess): boolean {
    const lines = readFileSync(this.logOf(name), 'utf8').split('\n');
    return lines.some(
      (line) => line.includes(`"pid":${String(pid)},`) && /Rapport (?:serves|works)/.test(line),
    );
  }

  private spawn(log: string, args: readonly string[]): ChildProcess {
    const { folder, databaseUrl } = this.options;
    const output = openSync(this.logOf(log), 'a');
    const child = spawn(process.execPath, args, {
      cwd: packageRoot(),
      stdio: ['ignore', output, output],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        NODE_COMPILE_CACHE: join(packageRoot(), 'node_modules', '.cache', 'rapport'),
        DATABASE_URL: databaseUrl,
        RAPPORT_DATA_DIR: folder,
        HOST: '127.0.0.1',
        PORT: String(this.port),
        PUBLIC_URL: this.url,
        RAPPORT_WORKERS: '3',
        RAPPORT_LOG_LEVEL: 'debug',
      },
    });
    closeSync(output);
    return child;
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`)).ok;
    } catch {
      return false;
    }
  }

  private logOf(name: string): string {
    return join(this.options.folder, `${name}.log`);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Webhooks are signed over the public address, so it has to be known before the hub listens, and stay the same. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
