import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PlannedSystem } from '../plan/plan.js';
import type { Crm } from './crm.js';
import { HubSpotCounterpart, TOKEN } from './hubspot-counterpart.js';
import { SalesforceCounterpart } from './salesforce-counterpart.js';
import type { Counterparts } from './sandboxes.js';

/** Servers of other hands in place of the sandboxes: `salesforce/server.mjs` and `hubspot/server.mjs` of a folder. */
export class OtherCounterparts implements Counterparts {
  private readonly servers: ChildProcess[] = [];

  constructor(private readonly folder: string) {
    // However the run itself ends.
    process.on('exit', () => {
      for (const server of this.servers) server.kill('SIGKILL');
    });
  }

  async open(systems: readonly PlannedSystem[]): Promise<readonly Crm[]> {
    await this.close();
    return Promise.all(systems.map((system) => this.openOne(system)));
  }

  async close(): Promise<void> {
    await Promise.all(
      this.servers.splice(0).map(async (server) => {
        const ended = once(server, 'exit');
        server.kill('SIGKILL');
        await ended;
      }),
    );
  }

  private async openOne(system: PlannedSystem): Promise<Crm> {
    const flags =
      system.kind === 'hubspot' ? ['--token', TOKEN, '--search-delay', String(system.searchDelayMs)] : [];
    const server = spawn(
      process.execPath,
      [join(this.folder, system.kind, 'server.mjs'), '--port', '0', ...flags],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.servers.push(server);
    const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    const { port } = JSON.parse(line) as { readonly port: number };
    const url = `http://127.0.0.1:${String(port)}`;
    const crm =
      system.kind === 'salesforce'
        ? new SalesforceCounterpart(system, url)
        : new HubSpotCounterpart(system, url);
    await crm.setClock();
    return crm;
  }
}
