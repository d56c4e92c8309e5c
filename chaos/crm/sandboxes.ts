import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PlannedSystem } from '../plan/plan.js';
import type { Crm } from './crm.js';
import { HubSpotSandbox } from './hubspot-sandbox.js';
import { SalesforceSandbox, type Opened } from './salesforce-sandbox.js';

/** Where a run's CRMs come from. They live on from run to run, and are empty at the start of each. */
export interface Counterparts {
  open(systems: readonly PlannedSystem[]): Promise<readonly Crm[]>;
  close(): Promise<void>;
}

/** The connectors' own sandboxes, each in a process of its own. */
export class Sandboxes implements Counterparts {
  private readonly hosts: ChildProcess[] = [];

  async open(systems: readonly PlannedSystem[]): Promise<readonly Crm[]> {
    return Promise.all(systems.map((system, index) => this.openOne(system, index)));
  }

  async close(): Promise<void> {
    await Promise.all(
      this.hosts.map(async (host) => {
        if (host.exitCode !== null || host.signalCode !== null) return;
        const ended = once(host, 'exit');
        if (host.connected) host.disconnect();
        await ended;
      }),
    );
  }

  private async openOne(system: PlannedSystem, index: number): Promise<Crm> {
    const host = (this.hosts[index] ??= fork(fileURLToPath(new URL('sandbox-host.ts', import.meta.url))));
    host.send(system);
    const [opened] = (await once(host, 'message')) as [Opened];
    return system.kind === 'salesforce'
      ? new SalesforceSandbox(system, opened)
      : new HubSpotSandbox(system, opened);
  }
}
