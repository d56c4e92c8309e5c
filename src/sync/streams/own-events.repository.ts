import { json, rows, sql, type Transaction } from '../../platform/database/index.js';

/** An event that a write of the hub caused. */
export interface OwnEvent {
  readonly dedupeKey: string;
  readonly object: string;
  readonly externalId: string;
  readonly kind: string;
  /** Canonical fields that changed; null when it is not known which. */
  readonly fields: readonly string[] | null;
}

/** What a write did is on record when its event comes, or still under way; events come late after an outage. */
const EARLIEST = sql`interval '10 minutes'`;

/**
 * Those of the hub's own events that say nothing new: what changed is what the hub wrote, as its receipts and the writes
 * under way tell. What a workflow of the system changed in the wake of such a write is new.
 *
 * @param since ms, hub's clock: the earliest of the changes
 * @returns keys of the events
 */
export async function explainedByWrites(
  tx: Transaction,
  connectionId: string,
  { events, since }: { readonly events: readonly OwnEvent[]; readonly since: number },
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set();
  const found = await rows<{ key: string }>(
    tx,
    sql`select e."dedupeKey" as key
       from jsonb_to_recordset(${json(events)}) as e("dedupeKey" text, object text, "externalId" text, kind text, fields jsonb)
       left join source_record s on s.connection_id = ${connectionId}::uuid and s.object = e.object and s.external_id = e."externalId"
       left join push_intent i on i.connection_id = ${connectionId}::uuid and i.object = e.object and i.target = 'record:' || s.id
      where case e.kind
              when 'created' then s.id is not null or exists (
                select from push_intent p where p.connection_id = ${connectionId}::uuid and p.object = e.object
                   and p.kind = 'create' and p.sent_at is not null)
              when 'deleted' then s.deleted_at is not null or i.kind = 'archive'
              else s.id is not null and jsonb_typeof(e.fields) = 'array' and not exists (
                select from jsonb_array_elements_text(e.fields) as field
                 where not coalesce(i.sending -> 'values' ? field, false)
                   and not exists (
                     select from write_receipt w
                      where w.golden_id = s.golden_id and w.connection_id = s.connection_id and w.external_id = s.external_id
                        and w.fields ? field and w.at >= to_timestamp(${since / 1000}::float8) - ${EARLIEST}))
            end`,
  );
  return new Set(found.map(({ key }) => key));
}
