import type { ConnectionRow } from '../connections/activate.js';
import { CONNECTION_ROWS } from '../connections/activate.js';
import type { ConnectionsService } from '../connections/connections.service.js';
import type { ConnectionDirectory } from '../connections/directory.js';
import { ANY_SUPPRESSION } from '../erasure/suppression.repository.js';
import { firstRow, sql, type Transaction } from '../platform/database/index.js';
import { RULES_ROW, rulesOf, type Rules, type RulesRow } from '../rules/rules.service.js';

/** What decides where records belong and what wins, as one transaction sees it. */
export interface ResolveContext {
  readonly directory: ConnectionDirectory;
  readonly rules: Rules;
  /** Whether anybody is kept out because they were erased. */
  readonly suppresses: boolean;
  /** Whether a person is being asked about any two records at all. */
  readonly asks: boolean;
}

interface ContextRow {
  readonly connections: readonly ConnectionRow[];
  readonly rules: RulesRow | null;
  readonly suppresses: boolean;
  readonly asks: boolean;
}

/** In one statement, after the resolver's lock was taken. */
export async function loadResolveContext(
  tx: Transaction,
  connections: ConnectionsService,
): Promise<ResolveContext> {
  const row = await firstRow<ContextRow>(
    tx,
    sql`select (select coalesce(json_agg(c), '[]') from (${CONNECTION_ROWS}) c) as connections,
            (select to_json(r) from (${RULES_ROW}) r) as rules,
            ${ANY_SUPPRESSION} as suppresses,
            exists (select from match_candidate) as asks`,
  );
  return {
    directory: await connections.directoryOf(row?.connections ?? []),
    rules: rulesOf(row?.rules),
    suppresses: row?.suppresses ?? true,
    asks: row?.asks ?? true,
  };
}
