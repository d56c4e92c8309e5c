import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { Database, isHeld, rows, sql, type Sql } from '../platform/database/index.js';
import { Metrics } from '../platform/telemetry/index.js';
import { leaseKey } from '../sync/streams/stream.repository.js';

interface Measure {
  readonly gauge: Gauge;
  readonly label: string;
  /** Rows of one label and a count. */
  readonly query: Sql;
}

/** Work that waits for calls to be had again could not be handled. */
function waits(work: 'push' | 'fetch'): Sql {
  return sql`coalesce((q.waits ->> ${work}::text)::float8 > extract(epoch from now()) * 1000, false)`;
}

/** How the sync engine fares, read from the tables: the same whichever process is asked. */
@Injectable()
export class SyncMetrics {
  private readonly measures: readonly Measure[];

  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    const gauge = (name: string, help: string, label: string): Omit<Measure, 'query'> => ({
      gauge: metrics.gauge({ name: `rapport_${name}`, help, labelNames: [label] }),
      label,
    });
    this.measures = [
      {
        ...gauge('runs', 'Runs by state, of the last 24 hours', 'state'),
        query: sql`select state as label, count(*)::int as value from run
                    where started_at > now() - interval '24 hours' or state = 'running' group by state`,
      },
      {
        ...gauge('jobs_waiting', 'Jobs that wait or run, by kind', 'job'),
        query: sql`select task_identifier as label, count(*)::int as value from graphile_worker.jobs
                    where attempts < max_attempts group by task_identifier`,
      },
      {
        ...gauge('jobs_failed', 'Jobs whose attempts are used up, by kind', 'job'),
        query: sql`select task_identifier as label, count(*)::int as value from graphile_worker.jobs
                    where attempts >= max_attempts group by task_identifier`,
      },
      {
        ...gauge('intents_waiting', 'Writes that wait, by connection', 'connection'),
        query: sql`select c.name as label, count(*)::int as value from push_intent i
                     join connection c on c.id = i.connection_id group by c.name`,
      },
      {
        ...gauge('events_waiting', 'Webhook events that wait, by connection', 'connection'),
        query: sql`select c.name as label, count(*)::int as value from inbox_event e
                     join connection c on c.id = e.connection_id where e.done_at is null group by c.name`,
      },
      {
        ...gauge('issues_open', 'Open sync issues, by connection', 'connection'),
        query: sql`select c.name as label, count(*)::int as value from sync_issue s
                     join connection c on c.id = s.connection_id
                    where s.state = 'open' and s.severity = 'error' group by c.name`,
      },
      {
        ...gauge('api_calls', 'API calls of the last 24 hours, whatever for, by connection', 'connection'),
        query: sql`select c.name as label, coalesce(sum(n.urgent + n.backfill), 0)::float8 as value
                     from connection c left join call_count n on n.connection_id = c.id
                                                             and n.slot > now() - interval '24 hours'
                    where c.state <> 'removed' and c.connector <> 'hub' group by c.name`,
      },
      {
        ...gauge('api_calls_limit', 'API calls a day that the vendor allows, by connection', 'connection'),
        query: sql`select c.name as label, q.day_limit::float8 as value
                     from call_quota q join connection c on c.id = q.connection_id where q.day_limit is not null`,
      },
      {
        ...gauge(
          'api_calls_others',
          'API calls of other programs when the vendor last told its count, by connection',
          'connection',
        ),
        query: sql`select c.name as label, q.others::float8 as value
                     from call_quota q join connection c on c.id = q.connection_id where q.day_limit is not null`,
      },
      {
        ...gauge(
          'clock_offset_seconds',
          "How far a system's clock is ahead of the hub's, by connection",
          'connection',
        ),
        query: sql`select name as label, (clock_offset_ms / 1000.0)::float8 as value
                     from connection where state <> 'removed' and connector <> 'hub'`,
      },
      {
        ...gauge(
          'oldest_waiting_seconds',
          'How long the oldest write or webhook event that could be handled has waited, by connection',
          'connection',
        ),
        query: sql`select c.name as label, coalesce(extract(epoch from now() - least(
                          (select min(p.due_at) from push_intent p where p.connection_id = c.id and p.due_at <= now()
                              and not ${waits('push')}),
                          (select min(e.received_at) from inbox_event e where e.connection_id = c.id and e.done_at is null
                              and not ${waits('fetch')})
                        )), 0)::float8 as value
                     from connection c left join call_quota q on q.connection_id = c.id where c.state <> 'removed' and c.connector <> 'hub'`,
      },
      {
        ...gauge(
          'seconds_since_read',
          'Age of the reading that the least fresh object stands for, by connection',
          'connection',
        ),
        query: sql`select c.name as label, extract(epoch from now() - min(k.complete_at))::float8 as value
                     from connection c join sync_cursor k on k.connection_id = c.id
                    where c.state = 'active' group by c.name having bool_and(k.complete_at is not null)`,
      },
      {
        ...gauge(
          'erasures_waiting',
          'Records of erased people that a system still holds, by connection',
          'connection',
        ),
        query: sql`select c.name as label, count(*)::int as value from erasure_task t
                     join connection c on c.id = t.connection_id where t.outcome is null group by c.name`,
      },
      {
        ...gauge(
          'suppressed',
          'How often a record of an erased person was kept out, by what it was known',
          'kind',
        ),
        query: sql`select kind as label, sum(hits)::float8 as value from suppression group by kind`,
      },
      {
        ...gauge(
          'stream_live',
          'Whether changes come as they happen (1), or by reading only (0), by connection',
          'connection',
        ),
        query: sql`select c.name as label, (s.state = 'live' and ${isHeld(leaseKey(sql`c.id`))})::int as value
                     from stream s join connection c on c.id = s.connection_id where c.state = 'active'`,
      },
      {
        ...gauge(
          'identical_share',
          'Linked records identical everywhere, 0 to 1, as the last audit found them, by connection',
          'connection',
        ),
        query: sql`select c.name as label, sum(p.identical)::float8 / sum(p.linked) as value from drift_part p
                     join connection c on c.id = p.connection_id
                    where p.audit_id = (select id from drift_audit where state = 'done' order by started_at desc, id limit 1)
                    group by c.name having sum(p.linked) > 0`,
      },
      {
        ...gauge('connections', 'Connections by state', 'state'),
        query: sql`select state as label, count(*)::int as value from connection group by state`,
      },
    ];
  }

  async refresh(): Promise<void> {
    for (const { gauge, label, query } of this.measures) {
      const found = await rows<{ label: string; value: number }>(this.database, query);
      gauge.reset();
      for (const row of found) gauge.set({ [label]: row.label }, row.value);
    }
  }
}
