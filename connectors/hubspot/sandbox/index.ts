/**
 * A small HubSpot to develop and test against: contacts, companies, properties, owners, search, associations,
 * limits, faults and webhooks, as HubSpot documents them. Everything is in memory; it listens on 127.0.0.1 only.
 */
import type { AddressInfo } from 'node:net';
import { createControl, type Control, type LoggedCall } from './control.js';
import { Faults } from './faults.js';
import { DEFAULT_LIMITS, Limits, type LimitOptions } from './limits.js';
import { createApiServer } from './server.js';
import { Store } from './store.js';
import { ALL_SCOPES, Tokens } from './tokens.js';
import { Webhooks } from './webhooks.js';

export type { Control, LoggedCall, NewRecord, RecordView } from './control.js';
export type { Fault } from './faults.js';

export interface SandboxOptions {
  /** A free one unless told. */
  readonly port?: number;
  /** The private app's token; `pat-sandbox` unless told. */
  readonly token?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly accessTokenSeconds?: number;
  readonly rotateRefreshTokens?: boolean;
  /** All that are needed unless told. */
  readonly scopes?: readonly string[];
  /** `false`: none. Those of a paid portal unless told. */
  readonly limits?: Partial<LimitOptions> | false;
  /** How late search sees new and changed records; 0 unless told. */
  readonly searchDelayMs?: number;
  /** Whether batches judge inputs one by one when they carry trace ids; they do unless told. */
  readonly traceIds?: boolean;
  /** The portal's clock (ms); for record times and tokens. */
  readonly now?: () => number;
  /** From 0 to 1; for faults of webhooks. */
  readonly random?: () => number;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly control: Control;
  close(): Promise<void>;
}

export const SANDBOX_TOKEN = 'pat-sandbox';
export const SANDBOX_CLIENT_ID = 'sandbox-client';
export const SANDBOX_CLIENT_SECRET = 'sandbox-secret';

export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = { ahead: 0 };
  const now = (): number => (options.now ?? Date.now)() + clock.ahead;
  const webhooks = new Webhooks(options.random ?? Math.random, now);
  let quiet = false;
  const store = new Store({ now, searchDelayMs: options.searchDelayMs ?? 0 }, (change) => {
    if (!quiet) webhooks.publish(change);
  });
  const tokens = new Tokens(
    {
      token: options.token ?? SANDBOX_TOKEN,
      clientId: options.clientId ?? SANDBOX_CLIENT_ID,
      clientSecret: options.clientSecret ?? SANDBOX_CLIENT_SECRET,
      accessTokenSeconds: options.accessTokenSeconds ?? 1800,
      rotateRefreshTokens: options.rotateRefreshTokens ?? false,
      scopes: options.scopes ?? ALL_SCOPES,
    },
    now,
  );
  const faults = new Faults();
  const calls: LoggedCall[] = [];
  const quietly = (work: () => void): void => {
    quiet = true;
    try {
      work();
    } finally {
      quiet = false;
    }
  };
  const limits = new Limits(
    options.limits === false ? undefined : { ...DEFAULT_LIMITS, ...options.limits },
    now,
  );
  const control = createControl({ store, tokens, faults, webhooks, calls, quietly, limits, clock });
  const portal = { store, tokens, options: { traceIds: options.traceIds ?? true } };
  const server = createApiServer({ portal, limits, faults, calls, control });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    control,
    close: async () => {
      await webhooks.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
