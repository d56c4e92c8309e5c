/**
 * A Salesforce org in a process: small, but it says no where Salesforce does. For tests, for the demo, and for
 * trying things by hand. Listens on 127.0.0.1 only.
 */
import type { AddressInfo } from 'node:net';
import { BulkJobs } from './bulk.js';
import { SandboxControl } from './control.js';
import { Faults } from './faults.js';
import { Rest } from './rest.js';
import { createSandboxServer } from './server.js';
import { SignIn, type Account } from './sign-in.js';
import { Store, type OrgRules } from './store.js';
import { Usage } from './usage.js';
import { Cometd, type CometdOptions } from './streaming/cometd.js';

export interface SandboxOptions {
  /** Any free one unless told. */
  readonly port?: number;
  readonly account?: Partial<Account>;
  readonly rules?: OrgRules;
  /** API calls in 24 hours; 100,000 unless told. */
  readonly apiLimit?: number;
  readonly streaming?: CometdOptions;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** What a connection needs to sign in here. */
  readonly account: Account;
  readonly control: SandboxControl;
  close(): Promise<void>;
}

const ACCOUNT: Account = {
  clientId: 'sandbox-client',
  clientSecret: 'sandbox-secret',
  username: 'sync@sandbox.example',
  password: 'sandbox-password',
  refreshToken: 'sandbox-refresh-token',
  rotate: false,
  jwtPublicKey: undefined,
};

export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const account = { ...ACCOUNT, ...options.account };
  let url = '';
  const store = new Store(options.rules ?? {});
  const usage = new Usage(options.apiLimit ?? 100_000, () => store.now());
  const signIn = new SignIn(account, () => url);
  const faults = new Faults();
  const cometd = new Cometd(store.events, signIn, options.streaming ?? {});
  const bulk = new BulkJobs(store);
  const control = new SandboxControl({ store, faults, signIn, usage, cometd, bulk });
  const rest = new Rest(store, usage, bulk);
  const server = createSandboxServer({ store, signIn, rest, cometd, usage, faults, control });
  control.onCut(() => {
    server.closeAllConnections();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${String(port)}`;
  return {
    url,
    port,
    account,
    control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export type { Fault } from './faults.js';
export type { RequestLine, SandboxControl, When } from './control.js';
