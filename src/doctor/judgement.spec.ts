import { judgeConnection, type ConnectionFacts } from './connection.js';
import { judgeDatabase, type DatabaseFacts } from './database.js';
import { judgeConfiguration, type ConfigurationFacts } from './configuration.js';
import { duration, type Finding } from './finding.js';
import { judgeLimits, type LimitFacts } from './limits.js';
import { judgeMachine, type MachineFacts } from './machine.js';
import { judgeWork, type WorkFacts } from './work.js';

const GIB = 1024 ** 3;

const MACHINE: MachineFacts = {
  userId: 1000,
  freeBytes: 20 * GIB,
  dataDir: '/data',
  ownDatabase: true,
  keyFromEnvironment: true,
  exposed: undefined,
  publicUrl: 'https://hub.example.com',
  answer: { kind: 'ready' },
};

const DATABASE: DatabaseFacts = {
  version: 180_001,
  maxConnections: 100,
  usedConnections: 12,
  clockMs: 3,
  bytes: 9e6,
  idleInTransaction: 0,
  readOnly: false,
};

const WORK: WorkFacts = { releases: ['1'], ownRelease: '1', waitingJobs: 0, oldestJob: 0, givenUp: [] };

const CONNECTION: ConnectionFacts = {
  connectionId: 'a',
  state: 'active',
  schedule: '*/5 * * * *',
  timeZone: 'UTC',
  hasWebhooks: true,
  staleness: 120,
  overdueWrites: 0,
  oldestWrite: 0,
  unreadEvents: 0,
  oldestEvent: 0,
  recentEvents: 9,
  stream: null,
  causes: [],
};

const LIMITS: LimitFacts = {
  clockOffsetMs: 300,
  calls: {
    limit: 1_000,
    percent: 80,
    share: 800,
    used: 100,
    others: 50,
    left: { urgent: 700, backfill: 600 },
    until: { urgent: null, backfill: null },
    waiting: [],
  },
};

const CONFIGURATION: ConfigurationFacts = {
  connections: 2,
  file: { path: '/hub/rapport.yaml', result: { ok: true, dryRun: true, hash: '', changes: [] } },
};

const ABOUT = { publicUrl: 'https://hub.example.com', now: Date.UTC(2026, 10, 22, 12) };

/** What is not well: `name: status`. */
function complaints(findings: readonly Finding[]): readonly string[] {
  for (const { status, remedy } of findings) expect(remedy === undefined).toBe(status === 'ok');
  return findings.flatMap(({ name, status }) => (status === 'ok' ? [] : [`${name}: ${status}`]));
}

it('has nothing to say of an installation that is well', () => {
  expect(complaints(judgeMachine(MACHINE))).toEqual([]);
  expect(complaints(judgeDatabase(DATABASE))).toEqual([]);
  expect(complaints(judgeWork(WORK))).toEqual([]);
  expect(complaints(judgeConnection(CONNECTION, ABOUT))).toEqual([]);
  expect(complaints(judgeLimits(LIMITS))).toEqual([]);
  expect(complaints(judgeConfiguration(CONFIGURATION))).toEqual([]);
});

it('takes a folder without a configuration file for nothing odd', () => {
  expect(complaints(judgeConfiguration({ ...CONFIGURATION, file: undefined }))).toEqual([]);
});

it.each<[string, Partial<ConfigurationFacts>, readonly string[]]>([
  ['that there is none', { connections: 0 }, ['connections: warning']],
  [
    'a file that was not applied',
    {
      file: {
        path: '/hub/rapport.yaml',
        result: {
          ok: true,
          dryRun: true,
          hash: '',
          changes: [{ what: 'connection', name: 'crm', action: 'changed', details: [] }],
        },
      },
    },
    ['file: warning'],
  ],
  [
    'a file that cannot be applied',
    {
      file: {
        path: '/hub/rapport.yaml',
        result: { ok: false, problems: [{ path: '', line: 1, column: 1, message: 'No.', remedy: 'Do.' }] },
      },
    },
    ['file: warning'],
  ],
])('of the configuration it tells %s', (_, change, expected) => {
  expect(complaints(judgeConfiguration({ ...CONFIGURATION, ...change }))).toEqual(expected);
});

const LATER = '2026-11-23T00:00:00.000Z';

it.each<[string, Partial<LimitFacts['calls']>, readonly string[]]>([
  ['work that waits for calls', { waiting: [{ work: 'pull', until: LATER }] }, ['calls: warning']],
  ['that none are left', { until: { urgent: LATER, backfill: LATER } }, ['calls: warning']],
  ['that few are left', { left: { urgent: 79, backfill: 0 } }, ['calls: warning']],
  ['nothing where there is no limit', { limit: null, share: null }, []],
])('of the calls a day it tells %s', (_, change, expected) => {
  expect(complaints(judgeLimits({ ...LIMITS, calls: { ...LIMITS.calls, ...change } }))).toEqual(expected);
});

it.each([5_000, -62_000])('tells a clock that is %d ms off', (clockOffsetMs) => {
  expect(complaints(judgeLimits({ ...LIMITS, clockOffsetMs }))).toEqual(['clock: warning']);
});

const LIVE = {
  state: 'live',
  since: '2026-11-22T12:00:00Z',
  problem: null,
  unheard: [],
  heardAt: null,
} as const;

it.each<[string, Partial<MachineFacts>, readonly string[]]>([
  ['root', { userId: 0 }, ['user: warning']],
  ['a full disk', { freeBytes: 0.1 * GIB }, ['disk: failed']],
  ['a disk that fills up', { freeBytes: 2 * GIB }, ['disk: warning']],
  ['a small disk without a database on it', { freeBytes: 2 * GIB, ownDatabase: false }, []],
  ['a disk nobody can look at', { freeBytes: undefined }, []],
  ['no public address', { publicUrl: undefined }, ['public-url: warning']],
  ['an address without TLS', { publicUrl: 'http://hub.example.com' }, ['public-url: warning']],
  [
    'an address where nothing answers',
    { answer: { kind: 'silent', code: 'TIMEOUT' } },
    ['public-url: warning'],
  ],
  ['an address of something else', { answer: { kind: 'stranger', status: 502 } }, ['public-url: warning']],
  ['a service that cannot work', { answer: { kind: 'unready', why: 'No.' } }, ['public-url: failed']],
  ['secrets that all may read', { exposed: '/hub/.env' }, ['secrets: warning']],
])('of the machine it tells %s', (_, change, expected) => {
  expect(complaints(judgeMachine({ ...MACHINE, ...change }))).toEqual(expected);
});

it.each<[string, Partial<DatabaseFacts>, readonly string[]]>([
  ['one too old', { version: 140_011 }, ['version: failed']],
  ['a replica', { readOnly: true }, ['writable: failed']],
  ['few connections left', { usedConnections: 95 }, ['connections: warning']],
  ['a clock that is ahead', { clockMs: 5_000 }, ['clock: warning']],
  ['a clock that is behind', { clockMs: -5_000 }, ['clock: warning']],
  ['a forgotten transaction', { idleInTransaction: 4_000 }, ['transactions: warning']],
])('of the database it tells %s', (_, change, expected) => {
  expect(complaints(judgeDatabase({ ...DATABASE, ...change }))).toEqual(expected);
});

it.each<[string, Partial<WorkFacts>, readonly string[]]>([
  ['that nobody works', { releases: [] }, ['workers: warning']],
  ['that work waits for nobody', { releases: [], waitingJobs: 3, oldestJob: 5 }, ['workers: failed']],
  ['a long queue', { waitingJobs: 3, oldestJob: 900 }, ['queue: warning']],
  ['processes of another release', { releases: ['1', '2'] }, ['releases: warning']],
  ['processes older than any note of it', { releases: [''] }, ['releases: warning']],
  ['jobs given up', { givenUp: [{ job: 'push', count: 2 }] }, ['jobs: failed']],
])('of the work it tells %s', (_, change, expected) => {
  expect(complaints(judgeWork({ ...WORK, ...change }))).toEqual(expected);
});

it.each<[string, Partial<ConnectionFacts>, readonly string[]]>([
  ['a pause, and nothing else', { state: 'paused', staleness: 9e6, oldestWrite: 9e6 }, ['state: warning']],
  ['that it was never read', { staleness: null }, ['freshness: warning']],
  ['a schedule that is not kept', { staleness: 3_600 }, ['freshness: failed']],
  [
    'nothing of an hour without a reading when that is the schedule',
    { schedule: '0 * * * *', staleness: 3_600 },
    [],
  ],
  ['webhooks without a schedule', { schedule: null }, ['freshness: warning']],
  ['nothing when all is done by hand', { schedule: null, hasWebhooks: false }, []],
  ['writes that are not sent', { overdueWrites: 3, oldestWrite: 700 }, ['writes: failed']],
  ['events that are not read', { unreadEvents: 3, oldestEvent: 700 }, ['events: failed']],
  ['silent webhooks', { recentEvents: 0 }, ['webhooks: warning']],
  ['nothing of a stream that is live', { stream: LIVE }, []],
  ['nothing of a stream without a process', { stream: { ...LIVE, state: 'polling', since: null } }, []],
  [
    'a stream that cannot be had',
    { stream: { ...LIVE, state: 'polling', problem: { message: 'No.', remedy: 'Ask.' } } },
    ['stream: warning'],
  ],
  [
    'objects that are not listened to',
    { stream: { ...LIVE, unheard: [{ object: 'lead', message: 'No.', remedy: 'Ask.' }] } },
    ['stream: warning'],
  ],
  [
    'the causes of issues',
    { causes: [{ code: 'CONFLICT', count: 4, message: 'Taken.', remedy: 'Merge them.' }] },
    ['issues: warning'],
  ],
])('of a connection it tells %s', (_, change, expected) => {
  expect(complaints(judgeConnection({ ...CONNECTION, ...change }, ABOUT))).toEqual(expected);
});

it('tells webhooks that cannot be verified', () => {
  expect(complaints(judgeConnection(CONNECTION, { ...ABOUT, publicUrl: undefined }))).toEqual([
    'webhooks: failed',
  ]);
});

it.each([
  [0, '0 seconds'],
  [119, '119 seconds'],
  [120, '2 minutes'],
  [7_200, '2 hours'],
  [400_000, '4 days'],
])('%d seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
