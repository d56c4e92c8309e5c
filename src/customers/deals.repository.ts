import { rows, sql, type Queryable } from '../platform/database/index.js';
import type { GoldenRecord } from './golden.repository.js';

/** A deal of a customer or an account. */
export interface DealSummary {
  readonly id: string;
  readonly title: string;
  /** Decimal text. */
  readonly amount: string | null;
  readonly currency: string | null;
  readonly stage: string | null;
  readonly closeDate: string | null;
  /** Connections that hold it. */
  readonly connections: readonly string[];
}

/** Beyond it a list helps nobody. */
const MOST = 100;

/** The deals of a customer or an account, the newest close date first; a deal has none of its own. */
export async function dealsOf(
  db: Queryable,
  golden: Pick<GoldenRecord, 'id' | 'entity'>,
): Promise<readonly DealSummary[]> {
  if (golden.entity === 'deal') return [];
  // The expressions of the indexes `golden_deal_customers` and `golden_deal_account`.
  const theirs =
    golden.entity === 'customer'
      ? sql`(g.fields -> 'customers') @> to_jsonb(${golden.id}::text)`
      : sql`(g.fields ->> 'account') = ${golden.id}`;
  return rows(
    db,
    sql`select g.id::text as id, g.title, g.fields ->> 'amount' as amount, g.fields ->> 'currency' as currency,
            g.fields ->> 'stage' as stage, g.fields ->> 'closeDate' as "closeDate",
            coalesce((select json_agg(distinct c.name) from source_record s join connection c on c.id = s.connection_id
                       where s.golden_id = g.id and s.deleted_at is null and c.connector <> 'hub'), '[]') as connections
       from golden g
      where g.entity = 'deal' and g.merged_into is null and ${theirs}
      order by g.fields ->> 'closeDate' desc nulls last, g.id limit ${MOST}`,
  );
}
