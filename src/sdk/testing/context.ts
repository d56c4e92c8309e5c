import type { RateLimit } from '../connector.js';
import type { Clock, ConnectorContext, KnownRecords } from '../context.js';
import { createRealClock, createTestClock } from './clock.js';
import type { FinishedCall } from '../http-client.js';
import { createTestHttp, type RecordedPause } from './http.js';

export interface TestContextOptions<Settings, Credentials> {
  readonly settings: Settings;
  readonly credentials: Credentials;
  /** The connection's name; `test` unless told. */
  readonly connection?: string;
  /** `real` for servers that keep time themselves. By default sleeping is instant and moves the clock on. */
  readonly clock?: Clock | 'real';
  /** What the hub holds: version (or null for none) by external id, by object. */
  readonly known?: Readonly<Record<string, ReadonlyMap<string, string | null>>>;
  /** The connector's own, to have calls held to them as the hub does; none unless told. */
  readonly limits?: readonly RateLimit[];
  readonly signal?: AbortSignal;
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** What the hub gives a connector, with everything the connector did laid open. */
export interface TestContext<Settings, Credentials> extends ConnectorContext<Settings, Credentials> {
  readonly calls: readonly FinishedCall[];
  readonly pauses: readonly RecordedPause[];
  readonly lines: readonly LogLine[];
  /** Credentials given to `saveCredentials`, oldest first. */
  readonly saved: readonly Credentials[];
}

/** A context over real HTTP for tests of connectors: nothing is faked but the hub. */
export function createTestContext<Settings, Credentials>(
  options: TestContextOptions<Settings, Credentials>,
): TestContext<Settings, Credentials> {
  const signal = options.signal ?? new AbortController().signal;
  const clock = clockOf(options.clock, signal);
  const http = createTestHttp({ limits: options.limits ?? [], clock, signal });
  const saved: Credentials[] = [];
  const lines: LogLine[] = [];
  const write =
    (level: LogLine['level']) =>
    (message: string, fields: LogLine['fields'] = {}): void => {
      lines.push({ level, message, fields });
    };
  return {
    connection: options.connection ?? 'test',
    settings: options.settings,
    credentials: options.credentials,
    saveCredentials: (credentials) => {
      saved.push(credentials);
      return Promise.resolve();
    },
    cache: new Map(),
    http,
    log: { debug: write('debug'), info: write('info'), warn: write('warn') },
    clock,
    signal,
    known: knownRecords(options.known ?? {}),
    calls: http.calls,
    pauses: http.pauses,
    lines,
    saved,
  };
}

function clockOf(clock: Clock | 'real' | undefined, signal: AbortSignal): Clock {
  if (clock === 'real') return createRealClock(signal);
  return clock ?? createTestClock({ signal });
}

/** Reads the maps at each call, so a test may change them between two pulls. */
function knownRecords(known: Readonly<Record<string, ReadonlyMap<string, string | null>>>): KnownRecords {
  return {
    versions: (object, ids) => {
      const held = known[object];
      const found = ids.flatMap((id): [string, string][] => {
        const version = held?.get(id) ?? null;
        return version === null ? [] : [[id, version]];
      });
      return Promise.resolve(new Map(found));
    },
    ids: (object, after, limit) => {
      const all = [...(known[object]?.keys() ?? [])].sort(byCodeUnit);
      return Promise.resolve(all.filter((id) => after === null || id > after).slice(0, limit));
    },
  };
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
