import type { ConnectionStatus, Status } from './commands/status.js';
import { renderStatus } from './render-status.js';

const CONNECTION: ConnectionStatus = {
  id: 'a',
  name: 'crm',
  connector: 'hubspot',
  title: 'HubSpot',
  state: 'active',
  problem: null,
  schedule: '*/5 * * * *',
  timeZone: 'UTC',
  clockOffsetMs: 0,
  calls: {
    limit: null,
    percent: 80,
    share: null,
    used: 0,
    others: null,
    left: { urgent: null, backfill: null },
    until: { urgent: null, backfill: null },
    waiting: [],
  },
  records: 3,
  waitingWrites: 0,
  stream: null,
  objects: [],
  nextAt: '2026-11-22T12:05:00.000Z',
  issues: { error: 0, notice: 0 },
};

const STATUS: Status = {
  processes: 1,
  connections: [CONNECTION],
  runs: [],
  erasures: { pending: 0, tasks: 0, keptOut: 0 },
  audit: null,
};

const NOW = Date.UTC(2026, 10, 22, 12);

it('says that nothing starts by itself while no process works', () => {
  expect(renderStatus({ ...STATUS, processes: 0 }, NOW)).toContain('Nothing starts by itself');
  expect(renderStatus(STATUS, NOW)).not.toContain('Nothing starts by itself');
});

it('tells a clock that is off, and what to think of it', () => {
  const shown = renderStatus({ ...STATUS, connections: [{ ...CONNECTION, clockOffsetMs: -62_000 }] }, NOW);
  expect(shown).toContain('The clock of crm is 62 s behind the hub');
});
