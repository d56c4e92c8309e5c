import type { JsonValue } from '../sdk/index.js';
import type { ConnectionStatus, Status } from './commands/status.js';
import { renderProblem } from './render-problem.js';
import { showTime, table } from './output.js';
import { renderAuditLine } from './render-audit.js';

/** @param now ms, to tell how old things are */
export function renderStatus({ processes, connections, runs, erasures, audit }: Status, now: number): string {
  if (connections.length === 0) {
    return 'No connection is configured. Describe yours in rapport.yaml, then run `rapport apply rapport.yaml`.';
  }
  const parts = [
    table(
      [
        'connection',
        'connector',
        'state',
        'records',
        'to write',
        'errors',
        'notices',
        'next sync (UTC)',
        'clock',
      ],
      connections.map((one) => [
        one.name,
        one.connector,
        one.state,
        one.records,
        one.waitingWrites,
        one.issues.error,
        one.issues.notice,
        one.nextAt === null ? 'by hand' : showTime(one.nextAt),
        offset(one.clockOffsetMs),
      ]),
    ),
    ...(processes === 0 ? [NOBODY] : []),
    ...connections.flatMap(problemOf),
    ...connections.flatMap((one) => streamOf(one, now)),
    ...callLines(connections),
    ...connections.flatMap(clockWarning),
    table(
      ['connection', 'object', 'as', 'direction', 'known up to'],
      connections.flatMap((one) =>
        one.objects.map(({ object, entity, direction, completeAt, reading }) => [
          one.name,
          object,
          entity,
          direction,
          freshness(completeAt, now) + (reading ? ', reading' : ''),
        ]),
      ),
    ),
    ...runs.map((run) =>
      run.state === 'held'
        ? `Waits for your word since ${showTime(run.startedAt)}: \`rapport runs ${run.id}\` shows what it would do; then \`rapport approve ${run.id}\` or \`rapport reject ${run.id}\`.`
        : `Under way since ${showTime(run.startedAt)}: ${run.connections.join(', ')} (${run.full ? 'full, ' : ''}${run.trigger}, run ${run.id})`,
    ),
    ...(erasures.pending === 0
      ? []
      : [
          `${String(erasures.pending)} erased ${erasures.pending === 1 ? 'person is' : 'people are'} still held by a tool, ${String(erasures.tasks)} records in all: see \`rapport erasures\`.`,
        ]),
    ...(audit === null ? [] : [renderAuditLine(audit)]),
  ];
  return parts.join('\n\n');
}

const NOBODY =
  'Nothing starts by itself: no process does the work. `rapport serve` or `rapport worker` has to run.';

/** Nothing of systems that were never called: they have no calls to tell of. */
function callLines(connections: readonly ConnectionStatus[]): string[] {
  const called = connections.filter(({ calls }) => calls.used > 0 || calls.limit !== null);
  if (called.length === 0) return [];
  const lines = called.map(({ name, calls }) => [
    name,
    calls.used,
    calls.share === null ? 'no limit' : `${String(calls.share)} (${String(calls.percent)} %)`,
    calls.others ?? '',
    calls.limit ?? '',
    calls.left.urgent ?? '',
    calls.left.backfill ?? '',
  ]);
  const header = ['connection', 'API calls today', 'share', 'by others', 'limit', 'left', 'for large syncs'];
  return [table(header, lines), ...called.flatMap(waitLine)];
}

const WORK = { fetch: 'webhooks', pull: 'reading', push: 'writing' } as const;

function waitLine({ name, calls }: ConnectionStatus): string[] {
  if (calls.waiting.length > 0) {
    const works = calls.waiting.map(({ work, until }) => `${WORK[work]} until ${showTime(until)}`);
    return [`${name} waits for API calls: ${works.join(', ')} (UTC). It goes on by itself.`];
  }
  const { urgent } = calls.until;
  return urgent === null ? [] : [`${name} has no API calls left until ${showTime(urgent)} (UTC).`];
}

/** Times are corrected by it; but a clock that far off is worth mending, and it may be the hub's. */
function clockWarning({ name, clockOffsetMs }: ConnectionStatus): string[] {
  if (Math.abs(clockOffsetMs) < CLOCK_WARNING_MS) return [];
  return [
    `The clock of ${name} is ${offset(clockOffsetMs)}${clockOffsetMs > 0 ? ' of' : ''} the hub's; times of edits are corrected by it. If other systems differ alike, it is the hub's that is wrong: keep it by NTP.`,
  ];
}

const CLOCK_WARNING_MS = 5_000;

function problemOf({ name, problem }: ConnectionStatus): string[] {
  if (problem === null) return [];
  return [renderProblem(name, problem)];
}

/** Whether changes come as they happen. */
function streamOf({ name, stream }: ConnectionStatus, now: number): string[] {
  if (stream === null) return [];
  const { state, since, problem, unheard, heardAt } = stream;
  if (since === null)
    return [`${name}: nobody listens to its changes; \`rapport serve\` or \`rapport worker\` does.`];
  const last = heardAt === null ? '' : `, the last change ${age(now - Date.parse(heardAt))} ago`;
  const polled = unheard.map(
    (one) => `\n  but not of ${text(one['object'])}: ${text(one['message'])} ${text(one['remedy'])}`,
  );
  if (state === 'live')
    return [`${name}: listening to changes since ${showTime(since)}${last}${polled.join('')}`];
  const why = problem === null ? '' : `\n${renderProblem(name, problem)}`;
  return [`${name}: changes come with the scheduled reads only, since ${showTime(since)}${last}.${why}`];
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function freshness(completeAt: string | null, now: number): string {
  return completeAt === null ? 'never read' : `${age(now - Date.parse(completeAt))} ago`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

function age(ms: number): string {
  const unit = UNITS.find(([size]) => ms >= size);
  return unit === undefined
    ? `${String(Math.max(0, Math.round(ms / 1000)))} s`
    : `${String(Math.floor(ms / unit[0]))} ${unit[1]}`;
}

function offset(ms: number): string {
  if (Math.abs(ms) < 500) return 'right';
  return `${String(Math.abs(Math.round(ms / 1000)))} s ${ms > 0 ? 'ahead' : 'behind'}`;
}
