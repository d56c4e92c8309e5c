/** A vendor's sandbox beside the hub, in a process of its own. */
import type { ChildProcess } from 'node:child_process';
import { ended, firstMatch, startProgram } from './child.js';
import { cpuMs } from './process.js';

export type Vendor = 'salesforce' | 'hubspot';

const ADDRESS = { salesforce: 'loginUrl', hubspot: 'baseUrl' } as const;

export class Sandbox {
  private constructor(
    readonly vendor: Vendor,
    readonly url: string,
    private readonly credentials: object,
    private readonly child: ChildProcess,
  ) {}

  static async start(vendor: Vendor, records: number): Promise<Sandbox> {
    const child = startProgram('support/sandbox-program.ts', [vendor, String(records)]);
    const [line] = await firstMatch(child, 'stdout', /\{.*\}\n/);
    const ready = JSON.parse(line) as { url: string; credentials: object };
    return new Sandbox(vendor, ready.url, ready.credentials, child);
  }

  /** As `rapport.yaml` names it. */
  connection(policy: object): object {
    return {
      name: this.vendor,
      connector: this.vendor,
      settings: { [ADDRESS[this.vendor]]: this.url },
      credentials: this.credentials,
      sync: { customer: policy, account: { direction: 'none' } },
    };
  }

  cpuMs(): number {
    return cpuMs(this.child.pid ?? 0);
  }

  async stop(): Promise<void> {
    this.child.stdin?.end();
    await ended(this.child);
  }
}
