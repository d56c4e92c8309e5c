/** A vendor's sandbox beside the hub, in a process of its own. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SANDBOX_CLIENT_SECRET } from '../../connectors/hubspot/sandbox/index.js';
import { ended, firstMatch, startProgram } from './child.js';
import { cpuMs } from './process.js';
import type { Ready } from './sandbox-program.js';
import type { Sighting, Watched } from './watch.js';

export type Vendor = 'salesforce' | 'hubspot';

/** A call as the sandbox logged it. */
interface Call {
  readonly method: string;
  readonly path: string;
}

export interface ConnectionOptions {
  /** Of customers. */
  readonly policy: object;
  readonly settings?: object;
}

const ADDRESS = { salesforce: 'loginUrl', hubspot: 'baseUrl' } as const;
const LOG = { salesforce: 'requests', hubspot: 'calls' } as const;
/** Neither an API call nor counted as one by the vendors: signing in, and waiting for events. */
const UNCOUNTED = /\/oauth|\/cometd\//;
const READS_BY_POST = /\/(?:search|read)$/;
const FOREVER = 1_000_000_000;

export class Sandbox {
  private readonly waiting = new Map<string, (at: number) => void>();

  private constructor(
    readonly vendor: Vendor,
    readonly ready: Ready,
    private readonly child: ChildProcess,
  ) {
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { key, at } = JSON.parse(line) as Sighting;
        this.waiting.get(key)?.(at);
        this.waiting.delete(key);
      });
  }

  static async start(vendor: Vendor, records: number): Promise<Sandbox> {
    const child = startProgram('support/sandbox-program.ts', [vendor, String(records)]);
    const [line] = await firstMatch(child, 'stdout', /\{.*\}\n/);
    return new Sandbox(vendor, JSON.parse(line) as Ready, child);
  }

  /** As `rapport.yaml` names it. */
  connection({ policy, settings = {} }: ConnectionOptions): object {
    return {
      name: this.vendor,
      connector: this.vendor,
      settings: { [ADDRESS[this.vendor]]: this.ready.url, ...settings },
      credentials: this.ready.credentials,
      ...(this.vendor === 'hubspot' && { webhooks: { clientSecret: SANDBOX_CLIENT_SECRET } }),
      // Nothing is due by itself: the bench starts each sync.
      schedule: '0 0 1 1 *',
      sync: { customer: policy, account: { direction: 'none' } },
    };
  }

  /** A switch of the sandbox, over HTTP; what it answers. */
  async control(verb: string, ...args: readonly unknown[]): Promise<unknown> {
    const answer = await fetch(`${this.ready.url}/__control/${verb}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(args),
    });
    if (!answer.ok) throw new Error(`${this.vendor} ${verb}: ${String(answer.status)}`);
    return answer.json();
  }

  /** Each answer comes so much later from now on. */
  async delay(ms: number): Promise<void> {
    if (ms > 0) await this.control('fault', { kind: 'slow', ms, times: FOREVER });
  }

  /** A user gives each of these contacts another job title. */
  async editTitles(ids: readonly string[], title: string): Promise<void> {
    for (const id of ids) {
      const where = this.vendor === 'hubspot' ? ['contacts', id] : [id];
      await this.control('edit', ...where, {
        [this.vendor === 'hubspot' ? 'jobtitle' : 'Title']: `${title} ${id}`,
      });
    }
  }

  /** Tells of each change from now on, as HubSpot does. */
  async sendWebhooks(targetUrl: string): Promise<void> {
    await this.control('subscribe', {
      targetUrl,
      clientSecret: SANDBOX_CLIENT_SECRET,
    });
  }

  /** @returns when the record had the value, ms since 1970, to about 1 ms */
  async seen(watched: Omit<Watched, 'key'>): Promise<number> {
    const key = `${watched.id} ${watched.value}`;
    const at = new Promise<number>((resolve) => this.waiting.set(key, resolve));
    this.child.stdin?.write(`${JSON.stringify({ ...watched, key })}\n`);
    return at;
  }

  /** API calls so far, and those of them that write. */
  async calls(): Promise<{ readonly all: number; readonly writes: number }> {
    const calls = ((await this.control(LOG[this.vendor])) as readonly Call[]).filter(
      ({ path }) => !UNCOUNTED.test(path),
    );
    const writes = calls.filter(({ method, path }) => method !== 'GET' && !READS_BY_POST.test(path));
    return { all: calls.length, writes: writes.length };
  }

  cpuMs(): number {
    return cpuMs(this.child.pid ?? 0);
  }

  async stop(): Promise<void> {
    this.child.stdin?.end();
    await ended(this.child);
  }
}
