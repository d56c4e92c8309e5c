import { auditSchema, type AuditConfig } from '../platform/config/index.js';
import { firstRow, sql, type Queryable } from '../platform/database/index.js';

/** When to audit by itself, as the configuration in force has it; it stands beside the rules. */
export async function auditSettings(db: Queryable): Promise<AuditConfig> {
  const row = await firstRow<{ audit: unknown }>(
    db,
    sql`select document->'audit' as audit from rule_set order by version desc limit 1`,
  );
  const parsed = auditSchema.safeParse(row?.audit ?? {});
  return parsed.success ? parsed.data : auditSchema.parse({});
}
