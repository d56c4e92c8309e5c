/** What the first sync came to, for a person who reads it for the first time. */
import { table } from '../cli/output.js';
import type { RunReport } from '../runs/run-report.js';
import type { Conflict, Issue } from './findings.repository.js';
import type { ProofRecord } from './proof.js';
import { count, indented, wrapped, type Screen } from './screen.js';
import type { Snapshot } from './snapshot.js';
import type { System } from './systems.js';

export interface SystemChange {
  readonly system: System;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

export function showChange(screen: Screen, changes: readonly SystemChange[]): void {
  const line = (name: string, key: Exclude<keyof Snapshot, 'records'>): (string | number)[] => [
    name,
    ...changes.flatMap(({ before, after }) => [before[key], after[key]]),
  ];
  const headings = changes.flatMap(({ system }) => [system.title, '→ now']);
  screen.line(
    indented(
      table(
        ['', ...headings],
        [
          line('people', 'people'),
          line('companies', 'companies'),
          line('deals', 'deals'),
          line('people with an e-mail', 'emails'),
          line('people with a phone', 'phones'),
          line('people with a job title', 'jobTitles'),
          line('people linked to a company', 'employed'),
        ],
      ),
    ),
  );
}

export interface Joins {
  /** Customers and accounts that both systems had already. */
  readonly customers: number;
  readonly accounts: number;
  readonly deals: number;
  /** Of them or of others, those that one system had more than once. */
  readonly duplicates: ReadonlyMap<string, number>;
}

/** From the records that were there before the hub made any. Pure. */
export function joinsOf(records: readonly ProofRecord[], changes: readonly SystemChange[]): Joins {
  const had = new Map(changes.map(({ system, before }) => [system.connection, before.records]));
  const old = records.filter(
    ({ connection, object, id }) => had.get(connection)?.has(`${object} ${id}`) === true,
  );
  const joined = { customer: 0, account: 0, deal: 0 };
  const duplicates = new Map<string, number>();
  for (const group of Map.groupBy(old, (record) => record.goldenId).values()) {
    const systems = Map.groupBy(group, (record) => record.connection);
    if (systems.size > 1) joined[group[0]?.entity ?? 'customer'] += 1;
    for (const [connection, same] of systems)
      if (same.length > 1) duplicates.set(connection, (duplicates.get(connection) ?? 0) + 1);
  }
  return { customers: joined.customer, accounts: joined.account, deals: joined.deal, duplicates };
}

export function showJoins(
  screen: Screen,
  joins: Joins,
  around: { readonly changes: readonly SystemChange[]; readonly candidates: number },
): void {
  const { changes, candidates } = around;
  screen.line(
    `  joined      ${count(joins.customers, 'person', 'people')}, ${count(joins.accounts, 'company', 'companies')} and ${count(joins.deals, 'deal')} that both systems had, each under ids of its own`,
  );
  for (const { system, before, after } of changes)
    screen.line(
      `  created     in ${system.title}: ${count(after.people - before.people, 'person', 'people')}, ${count(after.companies - before.companies, 'company', 'companies')}, ${count(after.deals - before.deals, 'deal')} that it did not have`,
    );
  for (const { system } of changes) {
    const twice = joins.duplicates.get(system.connection) ?? 0;
    screen.line(
      `  duplicates  in ${system.title}: ${count(twice, 'customer')} it holds more than once; reported, and kept in step`,
    );
  }
  screen.line(`  doubtful    ${count(candidates, 'pair')} left for a person to judge`);
}

export function showConflicts(
  screen: Screen,
  found: readonly Conflict[],
  explained: readonly string[],
): void {
  const rules = Map.groupBy(found, (conflict) => conflict.rule);
  for (const [rule, decided] of [...rules].sort(([, a], [, b]) => b.length - a.length)) {
    const fields = [...Map.groupBy(decided, (conflict) => conflict.field)]
      .sort(([, a], [, b]) => b.length - a.length)
      .slice(0, 6)
      .map(([field, some]) => `${field} ${String(some.length)}`);
    screen.line(`  ${rule.padEnd(16)}${String(decided.length).padStart(5)}   ${fields.join(', ')}`);
  }
  for (const sentence of explained) {
    screen.line();
    screen.line(wrapped(sentence));
  }
}

export function showIssues(
  screen: Screen,
  issues: readonly Issue[],
  titles: ReadonlyMap<string, string>,
): void {
  const kinds = Map.groupBy(
    issues.filter((issue) => issue.code !== 'DUPLICATE_IN_SYSTEM'),
    ({ connection, severity, code, field }) => [severity, connection, code, field ?? ''].join('|'),
  );
  for (const [first, ...more] of [...kinds.values()].sort(
    (a, b) => rank(a) - rank(b) || b.length - a.length,
  )) {
    if (first === undefined) continue;
    const where = `${titles.get(first.connection) ?? first.connection}${first.field === null ? '' : `, ${first.field}`}`;
    screen.line(`  ${String(more.length + 1).padStart(3)} × ${where}: ${first.message}`);
    screen.line(wrapped(`→ ${first.remedy}`, 8));
  }
}

function rank([first]: readonly Issue[]): number {
  return first?.severity === 'error' ? 0 : 1;
}

export function showCalls(screen: Screen, systems: readonly System[], report: RunReport): void {
  const lines = systems.map((system) => {
    const calls = system.calls();
    const writes = calls.filter((call) => call.writes).length;
    const mine = report.counts.filter((one) => one.connection === system.connection);
    const written = mine.reduce((sum, one) => sum + one.created + one.updated + one.archived, 0);
    const each = written === 0 ? 0 : calls.length / written;
    return [system.title, calls.length, calls.length - writes, writes, written, each.toFixed(3)];
  });
  screen.line(
    indented(
      table(['', 'API calls', 'reading', 'writing', 'records written', 'calls per record written'], lines),
    ),
  );
}
