import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DEFAULT_RULES, type SurvivorshipRules } from '../core/survivorship/index.js';
import { DEFAULT_MATCH_RULES, type MatchRules } from '../core/matching/index.js';
import { Database, execute, firstRow, json, sql, type Transaction } from '../platform/database/index.js';

/** The rules in force. */
export interface Rules {
  readonly version: number;
  readonly survivorship: SurvivorshipRules;
  readonly matching: MatchRules;
}

export type RulesDocument = Pick<Rules, 'survivorship' | 'matching'>;

export interface RulesRow {
  readonly version: number;
  readonly document: RulesDocument;
}

/** SQL: those in force; no row as long as nobody has said any. */
export const RULES_ROW = sql`select version, document from rule_set order by version desc limit 1`;

export function rulesOf(row: RulesRow | null | undefined): Rules {
  if (row == null) return { version: 0, survivorship: DEFAULT_RULES, matching: DEFAULT_MATCH_RULES };
  return { version: row.version, ...row.document };
}

/** Survivorship and match rules; each apply that changes them makes a new version, the newest is in force. */
@Injectable()
export class RulesService {
  constructor(private readonly database: Database) {}

  async current(tx?: Transaction): Promise<Rules> {
    return rulesOf(await firstRow<RulesRow>(tx ?? this.database, RULES_ROW));
  }

  /** Puts rules in force; returns whether they differ from those before. */
  async put(tx: Transaction, document: RulesDocument): Promise<boolean> {
    const hash = createHash('sha256').update(JSON.stringify(document)).digest('hex');
    const row = await firstRow<{ hash: string }>(
      tx,
      sql`select hash from rule_set order by version desc limit 1`,
    );
    if (row?.hash === hash) return false;
    await execute(tx, sql`insert into rule_set (document, hash) values (${json(document)}, ${hash})`);
    return true;
  }
}
