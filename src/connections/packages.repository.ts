import { z } from 'zod';
import { firstRow, sql, type Queryable } from '../platform/database/index.js';

const names = z.array(z.string()).catch([]);

/** npm packages that the configuration in force names; they stand beside its rules. */
export async function configuredPackages(db: Queryable): Promise<readonly string[]> {
  const row = await firstRow<{ packages: unknown }>(
    db,
    sql`select document->'packages' as packages from rule_set order by version desc limit 1`,
  );
  return names.parse(row?.packages);
}
