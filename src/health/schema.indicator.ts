import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Database, rows, sql } from '../platform/database/index.js';
import { migrationNames } from '../platform/database/migrations/folder.js';
import { packageRoot } from '../platform/package-root.js';

const ANSWER_WITHIN_MS = 3_000;

/** Whether the database answers, and has the schema of this release: another process may have migrated it further. */
@Injectable()
export class SchemaIndicator {
  private readonly own = migrationNames(join(packageRoot(), 'prisma', 'migrations'));

  constructor(
    private readonly database: Database,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('database');
    let applied: readonly string[];
    try {
      applied = await this.applied();
    } catch {
      return indicator.down({ message: 'The database does not answer.' });
    }
    const same = applied.length === this.own.length && this.own.every((name) => applied.includes(name));
    return same
      ? indicator.up()
      : indicator.down({ message: 'The database has the schema of another release.' });
  }

  private async applied(): Promise<readonly string[]> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new Error('The database did not answer in time.'));
    }, ANSWER_WITHIN_MS);
    try {
      const query = rows<{ name: string }>(
        this.database,
        sql`select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null`,
      );
      return (await Promise.race([query, late.promise])).map((row) => row.name);
    } finally {
      clearTimeout(timer);
    }
  }
}
