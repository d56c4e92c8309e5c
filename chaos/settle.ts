import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { HubApi } from './processes/api.js';

/** What waits in the hub's tables. All zero is rest. */
export interface Left {
  readonly runs: number;
  readonly writes: number;
  readonly events: number;
  readonly unresolved: number;
  readonly jobs: number;
}

const LEFT = `select
  (select count(*)::int from run where state = 'running') as runs,
  (select count(*)::int from push_intent) as writes,
  (select count(*)::int from inbox_event where done_at is null) as events,
  (select count(*)::int from resolve_task) as unresolved,
  (select count(*)::int from graphile_worker.jobs) as jobs`;

const LOOK_MS = 50;
const TELL_MS = 4_000;

/** What is left is read from the tables themselves: the hub's word is not taken for it. */
export class Tables {
  constructor(private readonly url: string) {}

  async left(): Promise<Left> {
    const [row] = await this.query<Left>(LEFT);
    if (row === undefined) throw new Error('PostgreSQL gave no row.');
    return row;
  }

  /** Jobs, and writes, that are still there: what a person needs to find out why. */
  async details(): Promise<readonly string[]> {
    const found = await this.query<{ line: string }>(
      `select concat_ws(' ', 'job', key, 'attempts', attempts, 'at', run_at, 'locked by', locked_by, last_error) as line from graphile_worker.jobs
       union all select concat_ws(' ', 'write', c.name, i.target, i.kind, 'attempts', i.attempts, 'due', i.due_at, 'sent', i.sent_at)
                   from push_intent i join connection c on c.id = i.connection_id
       union all select concat_ws(' ', 'event', c.name, e.object, e.external_id)
                   from inbox_event e join connection c on c.id = e.connection_id where e.done_at is null
       union all select concat_ws(' ', 'run', p.run_id, c.name, p.state, p.progress, p.problem)
                   from run_part p join connection c on c.id = p.connection_id join run r on r.id = p.run_id where r.state = 'running'
       union all select concat_ws(' ', 'resolve', kind, id) from resolve_task`,
    );
    return found.map(({ line }) => line);
  }

  /** Waits until nothing is left; what is left after `patienceMs`. What takes long is told. */
  async rest(patienceMs: number, tell: (line: string) => void): Promise<Left> {
    const startedAt = Date.now();
    for (let nextTold = startedAt + TELL_MS; ;) {
      const left = await this.left();
      if (Object.values(left).every((count) => count === 0) || Date.now() > startedAt + patienceMs)
        return left;
      if (Date.now() > nextTold) {
        nextTold = Date.now() + TELL_MS;
        for (const line of await this.details()) tell(`still left: ${line}`);
      }
      await sleep(LOOK_MS);
    }
  }

  private async query<Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }
}

/** Starts a sync as soon as the hub answers. */
export async function syncOnceUp(api: HubApi): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.sync();
    } catch (error) {
      if (attempt === 40) throw error;
      await sleep(100);
    }
  }
}
