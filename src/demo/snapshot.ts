import type { System } from './systems.js';

/** What a system holds at one moment, counted. */
export interface Snapshot {
  readonly people: number;
  readonly companies: number;
  readonly deals: number;
  readonly emails: number;
  readonly phones: number;
  readonly jobTitles: number;
  /** People linked to a company. */
  readonly employed: number;
  /** All records, by object and id. */
  readonly records: ReadonlySet<string>;
}

export function snapshot(system: System): Snapshot {
  const people = system.records('customer');
  const companies = system.records('account');
  const deals = system.records('deal');
  const filled = (property: string): number =>
    people.filter(({ values }) => (values[property] ?? '') !== '').length;
  const { columns } = system;
  return {
    people: people.length,
    companies: companies.length,
    deals: deals.length,
    emails: filled(columns.email),
    phones: filled(columns.phone),
    jobTitles: filled(columns.job),
    employed: filled(columns.company),
    records: new Set([...people, ...companies, ...deals].map(({ object, id }) => `${object} ${id}`)),
  };
}
