/** What the tables say of one connection, beside what its system answers to `check`. */
import { CronTime } from 'cron';
import { rows, sql, type Queryable } from '../platform/database/index.js';
import type { JsonValue } from '../sdk/index.js';
import { STREAM_VIEW, type StreamView } from '../sync/streams/stream.repository.js';
import { duration, failed, ok, warning, type Finding } from './finding.js';

export interface ConnectionFacts {
  readonly connectionId: string;
  readonly state: string;
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly hasWebhooks: boolean;
  /** Seconds since the reading that the least fresh object's cursor stands for; null while one was never read to its end. */
  readonly staleness: number | null;
  /** Writes that could have been sent, and seconds that the oldest has waited. */
  readonly overdueWrites: number;
  readonly oldestWrite: number;
  readonly unreadEvents: number;
  readonly oldestEvent: number;
  /** Webhook events of the last three days, which is how long they are kept. */
  readonly recentEvents: number;
  /** null where nobody ever listened. */
  readonly stream: StreamView | null;
  /** Most frequent open errors. */
  readonly causes: readonly {
    readonly code: string;
    readonly count: number;
    readonly message: string;
    readonly remedy: string;
  }[];
}

const CAUSES_SHOWN = 3;

export async function connectionFacts(db: Queryable): Promise<ConnectionFacts[]> {
  return rows(
    db,
    sql`select c.id::text as "connectionId", c.state, c.schedule, c.time_zone as "timeZone",
            c.webhook_secrets is not null as "hasWebhooks",
            (select case when bool_and(k.complete_at is not null)
                         then extract(epoch from now() - min(k.complete_at))::float8 end
               from sync_cursor k where k.connection_id = c.id) as staleness,
            w.count as "overdueWrites", w.age as "oldestWrite", e.unread as "unreadEvents", e.age as "oldestEvent",
            e.recent as "recentEvents", i.causes, ${STREAM_VIEW} as stream
       from connection c,
            lateral (select count(*)::int as count, coalesce(extract(epoch from now() - min(due_at)), 0)::float8 as age
                       from push_intent p where p.connection_id = c.id and p.due_at <= now()) w,
            lateral (select count(*) filter (where done_at is null)::int as unread, count(*)::int as recent,
                            coalesce(extract(epoch from now() - min(received_at) filter (where done_at is null)), 0)::float8 as age
                       from inbox_event n where n.connection_id = c.id) e,
            lateral (select coalesce(json_agg(g), '[]') as causes from (
                       select s.code, count(*)::int as count, (array_agg(s.message order by s.last_seen_at desc))[1] as message,
                              (array_agg(s.remedy order by s.last_seen_at desc))[1] as remedy
                         from sync_issue s where s.connection_id = c.id and s.state = 'open' and s.severity = 'error'
                        group by s.code order by count(*) desc, s.code limit ${CAUSES_SHOWN}::int) g) i`,
  );
}

/** What waits longer although nothing hinders it waits for a worker, or for a system that refuses. */
const WAITS_LONG_SECONDS = 600;
/** A reading may begin late and take its time before its cursor counts as old. */
const GRACE_SECONDS = 900;

/** @param now the time that schedules are looked at, ms */
export function judgeConnection(
  facts: ConnectionFacts,
  { publicUrl, now }: { readonly publicUrl: string | undefined; readonly now: number },
): readonly Finding[] {
  if (facts.state === 'paused') {
    return [
      warning('state', 'It is paused: nothing is read or written.', 'Resume it when the reason is gone.'),
    ];
  }
  return [
    ...freshness(facts, now),
    ...waiting(facts),
    ...webhooks(facts, publicUrl),
    ...stream(facts),
    ...causes(facts),
  ];
}

/** While nobody listens it is the missing worker that is told. */
function stream({ stream: seen }: ConnectionFacts): readonly Finding[] {
  if (seen?.since == null) return [];
  const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
  if (seen.state === 'polling') {
    const message = `Changes come with the scheduled reads only: ${text(seen.problem?.['message'])}`;
    return [warning('stream', message, text(seen.problem?.['remedy']))];
  }
  const polled = seen.unheard.map((one) =>
    warning(
      'stream',
      `Not listened to: ${text(one['object'])}. ${text(one['message'])}`,
      text(one['remedy']),
    ),
  );
  return polled.length > 0 ? polled : [ok('stream', 'Changes come as they happen')];
}

function freshness(facts: ConnectionFacts, now: number): readonly Finding[] {
  const { schedule, staleness, timeZone } = facts;
  if (staleness === null) {
    return [
      warning(
        'freshness',
        'It was never read to the end.',
        'Run `rapport sync --wait`, or wait for the first sync to end.',
      ),
    ];
  }
  const read = `Last read to the end ${duration(staleness)} ago`;
  if (schedule === null) {
    return facts.hasWebhooks
      ? [
          warning(
            'freshness',
            `${read}, and no schedule finds what a webhook missed.`,
            'Give the connection a `schedule`, such as "0 * * * *".',
          ),
        ]
      : [ok('freshness', read)];
  }
  const late = staleness > 2 * interval(schedule, timeZone, now) + GRACE_SECONDS;
  return late
    ? [
        failed(
          'freshness',
          `${read}, though its schedule is "${schedule}".`,
          'See that `rapport serve` runs, and what the log says of its syncs.',
        ),
      ]
    : [ok('freshness', read)];
}

/** Seconds between the next two times of a schedule. */
function interval(schedule: string, timeZone: string, now: number): number {
  const times = new CronTime(schedule, timeZone);
  const first = times.getNextDateFrom(new Date(now), timeZone);
  return (times.getNextDateFrom(first.toJSDate(), timeZone).toMillis() - first.toMillis()) / 1000;
}

function waiting(facts: ConnectionFacts): readonly Finding[] {
  const { overdueWrites, oldestWrite, unreadEvents, oldestEvent } = facts;
  const remedy = 'See that a worker runs, and whether `rapport status` says what the connection waits for.';
  return [
    ...(oldestWrite > WAITS_LONG_SECONDS
      ? [
          failed(
            'writes',
            `${overdueWrites} writes are due, the oldest for ${duration(oldestWrite)}.`,
            remedy,
          ),
        ]
      : []),
    ...(oldestEvent > WAITS_LONG_SECONDS
      ? [
          failed(
            'events',
            `${unreadEvents} webhook events are not read, the oldest for ${duration(oldestEvent)}.`,
            remedy,
          ),
        ]
      : []),
  ];
}

function webhooks(
  { hasWebhooks, recentEvents }: ConnectionFacts,
  publicUrl: string | undefined,
): readonly Finding[] {
  if (!hasWebhooks) return [];
  if (publicUrl === undefined) {
    return [
      failed(
        'webhooks',
        'It expects webhooks, and PUBLIC_URL is not set: they are likely to be refused.',
        'Set PUBLIC_URL to how the world reaches the hub.',
      ),
    ];
  }
  return recentEvents === 0
    ? [
        warning(
          'webhooks',
          'No webhook has come in for three days.',
          `See in the vendor’s app that events are subscribed and sent below ${publicUrl}.`,
        ),
      ]
    : [ok('webhooks', `${recentEvents} events in three days`)];
}

function causes({ causes: found }: ConnectionFacts): readonly Finding[] {
  return found.map(({ code, count, message, remedy }) =>
    warning('issues', `${count} × ${code}: ${message}`, `${remedy} All of them: \`rapport issues\`.`),
  );
}
