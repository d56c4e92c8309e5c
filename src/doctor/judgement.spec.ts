import { judgeConnection, type ConnectionFacts } from './connection.js';
import { judgeDatabase, type DatabaseFacts } from './database.js';
import { duration, type Finding } from './finding.js';
import { judgeMachine, type MachineFacts } from './machine.js';
import { judgeWork, type WorkFacts } from './work.js';

const GIB = 1024 ** 3;

const MACHINE: MachineFacts = {
  userId: 1000,
  freeBytes: 20 * GIB,
  dataDir: '/data',
  ownDatabase: true,
  keyFromEnvironment: true,
  publicUrl: 'https://hub.example.com',
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

const WORK: WorkFacts = { processes: 1, waitingJobs: 0, oldestJob: 0, givenUp: [] };

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
  ['that nobody works', { processes: 0 }, ['workers: warning']],
  ['that work waits for nobody', { processes: 0, waitingJobs: 3, oldestJob: 5 }, ['workers: failed']],
  ['a long queue', { waitingJobs: 3, oldestJob: 900 }, ['queue: warning']],
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
