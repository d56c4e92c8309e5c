import type { ConnectionSession } from '../connections/connections.service.js';
import { firstRow, sql, type Database } from '../platform/database/index.js';
import type { PushService } from './push.service.js';

/** After so long a create whose answer was lost no longer keeps its system from being read. */
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * Before a system is read, creates whose answer was lost are settled: read unawares, the record they may have made
 * would look like somebody's new one.
 *
 * @returns when to come back, ms from now, if some cannot be settled yet; undefined when the system may be read
 */
export async function settleUncertain(
  database: Database,
  pusher: PushService,
  session: ConnectionSession,
): Promise<number | undefined> {
  const uncertain = await firstRow<{ any: boolean }>(
    database,
    sql`select exists (select from push_intent
                        where connection_id = ${session.connection.id}::uuid and sent_at is not null) as any`,
  );
  if (uncertain?.any !== true) return undefined;
  for (;;) {
    const step = await pusher.step(session, null);
    if (step !== 'progress') break;
  }
  const row = await firstRow<{ waitMs: number | null }>(
    database,
    sql`select (extract(epoch from min(due_at) - now()) * 1000)::float8 as "waitMs" from push_intent
      where connection_id = ${session.connection.id}::uuid and kind = 'create'
        and sent_at > now() - make_interval(secs => ${LONGEST_WAIT_MS / 1000}::float8)`,
  );
  return row?.waitMs == null ? undefined : Math.max(row.waitMs, 200);
}
