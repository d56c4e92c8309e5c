import type { IssueView } from '../../src/issues/issue-list.repository.js';
import type { World } from '../world.js';
import type { Golden, Snapshot, Violation } from './snapshot.js';

/** Codes of issues that two records of one person in one system bring about. */
const OF_DOUBLES = new Set(['DUPLICATE_IN_SYSTEM', 'CONFLICT']);

/** Every open issue has a cause that users made: nothing but people entered twice, or merged, in some system. */
export function issuesExplained(snapshot: Snapshot, world: World): readonly Violation[] {
  return snapshot.issues
    .filter((issue) => !isExplained(issue, snapshot, world))
    .map(({ connection, object, externalId, customerId, operation, code, field, message }) => ({
      check: 'issues explained',
      what: `${connection} ${String(object)} ${String(externalId)} of ${String(customerId)}: ${operation} ${code} ${String(field)}: ${message}`,
    }));
}

function isExplained(issue: IssueView, { golden }: Snapshot, world: World): boolean {
  if (!OF_DOUBLES.has(issue.code)) return false;
  const about = golden.find(
    ({ id, records }) =>
      id === issue.customerId || records.some(({ id: record }) => record === issue.recordId),
  );
  return about !== undefined && isTwiceByUsers(about, issue.connection, world);
}

function isTwiceByUsers({ records }: Golden, connection: string, world: World): boolean {
  const own = records.filter((record) => record.connection === connection && record.state === 'live');
  if (own.length < 2) return false;
  const byUsers = own.filter(({ externalId }) => world.isMadeByUser(connection, externalId));
  const people = new Set(own.map(({ fields }) => world.personOf(fields.find(isName)?.held)));
  const merged = [...people].some(
    (person) => person !== undefined && world.membersOf(world.groupOf(person)).length > 1,
  );
  return byUsers.length > 0 || merged;
}

function isName({ field }: { readonly field: string }): boolean {
  return field === 'familyName';
}
