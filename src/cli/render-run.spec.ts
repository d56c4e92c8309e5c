import type { RunReport, Unsynced } from '../runs/run-report.js';
import { renderRun } from './render-run.js';

const NOTHING: Unsynced = { issues: 0, writes: 0, events: 0, unresolved: 0 };

function report(change: Partial<RunReport> = {}): RunReport {
  return {
    id: '00000000-0000-0000-0000-000000000001',
    trigger: 'manual',
    full: false,
    state: 'settled',
    startedAt: new Date(0),
    finishedAt: new Date(1),
    connections: ['hubspot'],
    parts: [],
    counts: [
      {
        connectionId: 'c',
        connection: 'hubspot',
        object: 'contact',
        read: 12,
        changed: 3,
        created: 1,
        updated: 2,
        archived: 0,
        skipped: 0,
        failed: 0,
        calls: 9,
      },
    ],
    gates: [],
    waiting: { resolve: 0, writes: {} },
    waits: [],
    ...change,
  };
}

it('says what the run waits for, and until when', () => {
  const until = new Date('2026-11-23T23:00:00Z');
  const shown = renderRun(
    report({ state: 'running', waits: [{ connection: 'hubspot', work: 'push', until }] }),
    { ...NOTHING, writes: 3 },
  );
  expect(shown).toContain('Writing to hubspot waits for API calls until 2026-11-23 23:00 (UTC).');
  expect(shown).toContain('The run goes on by itself');
});

it('says nothing of being in sync while reading waits', () => {
  const until = new Date('2026-11-23T23:00:00Z');
  const shown = renderRun(
    report({ state: 'running', waits: [{ connection: 'hubspot', work: 'pull', until }] }),
    NOTHING,
  );
  expect(shown).toContain('Reading hubspot waits for API calls');
  expect(shown).not.toContain('in sync');
});

it('shows per connection and object what was done, and that nothing is left', () => {
  expect(renderRun(report(), NOTHING)).toBe(
    [
      'connection  object   read  changed  created  updated  archived  skipped  failed  API calls',
      '----------  -------  ----  -------  -------  -------  --------  -------  ------  ---------',
      'hubspot     contact    12        3        1        2         0        0       0          9',
      '',
      'Everything is in sync.',
    ].join('\n'),
  );
});

it('names what is left, and where its remedies are', () => {
  expect(renderRun(report(), { ...NOTHING, issues: 1, writes: 2 })).toContain(
    'Left unsynced: 1 issue, 2 writes that wait. `rapport issues` tells each with its remedy.',
  );
});

it('says why a connection stopped, and what to do', () => {
  const part = {
    connectionId: 'c',
    connection: 'hubspot',
    state: 'failed',
    progress: { done: [], totals: {} },
    problem: { code: 'X', kind: 'credentials', message: 'The token is refused.', remedy: 'Make a new one.' },
    startedAt: null,
    finishedAt: null,
  } as const;
  expect(renderRun(report({ parts: [part] }), { ...NOTHING, issues: 1 })).toContain(
    'hubspot: The token is refused.\n  Make a new one.',
  );
});
