import type { HistoryLine } from '../../src/customers/history.js';
import type { RecordView } from '../../src/customers/record-view.js';
import type { IssueView } from '../../src/issues/issue-list.repository.js';
import type { JsonValue } from '../../src/sdk/index.js';
import { makePlan } from '../plan/plan.js';
import { World } from '../world.js';
import { recordsAgree } from './agree.js';
import { noDuplicates } from './duplicates.js';
import { issuesExplained } from './issues.js';
import { nothingLost } from './nothing-lost.js';
import type { Golden, Snapshot } from './snapshot.js';

const plan = makePlan(1);
const family = plan.people[0]?.family ?? '';
const GOLDEN = 'golden-1';

let world: World;

beforeEach(() => {
  world = new World(plan);
  world.make({ system: 'salesforce', id: 's1', person: 0, early: true });
});

interface Held {
  readonly id: string;
  readonly title: string;
}

/** One person in two systems, known to the hub as one. */
function snapshot({
  salesforce = [{ id: 's1', title: 'CTO' }],
  hubspot = [{ id: 'h1', title: 'CTO' }],
  title = 'CTO',
  history = [],
  issues = [],
}: {
  readonly salesforce?: readonly Held[];
  readonly hubspot?: readonly Held[];
  readonly title?: string;
  readonly history?: readonly HistoryLine[];
  readonly issues?: readonly IssueView[];
} = {}): Snapshot {
  const fields = { customer: ['familyName', 'jobTitle'], account: [] };
  const systemOf = (name: string, held: readonly Held[]): Snapshot['systems'][number] => ({
    name,
    fields,
    records: held.map((one) => ({
      id: one.id,
      entity: 'customer',
      values: { familyName: family, jobTitle: one.title },
    })),
  });
  const records = [
    ...salesforce.map((one) => recordView('salesforce', one)),
    ...hubspot.map((one) => recordView('hubspot', one)),
  ];
  const golden = {
    id: GOLDEN,
    entity: 'customer',
    title: family,
    aliases: [],
    fields: [goldenField('familyName', family), goldenField('jobTitle', title)],
    records,
    history,
  } as unknown as Golden;
  return {
    systems: [systemOf('salesforce', salesforce), systemOf('hubspot', hubspot)],
    golden: [golden],
    issues,
  };
}

function recordView(connection: string, { id, title }: Held): RecordView {
  const fields = [
    { field: 'jobTitle', held: title, claim: { value: title } },
    { field: 'familyName', held: family, claim: null },
  ];
  return { id: `r-${id}`, connection, externalId: id, state: 'live', fields } as unknown as RecordView;
}

function goldenField(field: string, value: JsonValue): object {
  return { field, value };
}

function overridden(value: string): HistoryLine {
  const loser = { connection: 'salesforce', externalId: 's1', value };
  const winner = { connection: 'hubspot', externalId: 'h1', value: 'CTO' };
  return { field: 'jobTitle', kind: 'overridden', old: 'CTO', new: 'CTO', winner, losers: [loser] } as never;
}

function issue(code: string): IssueView {
  return { connection: 'hubspot', code, customerId: GOLDEN, field: null, externalId: null } as never;
}

describe('the check that records agree', () => {
  it('passes when they do, whatever their spelling', () => {
    expect(recordsAgree(snapshot({ hubspot: [{ id: 'h1', title: ' CTO ' }] }))).toEqual([]);
  });

  it('names the field and both values when they do not', () => {
    const [found] = recordsAgree(snapshot({ hubspot: [{ id: 'h1', title: 'Clerk' }] }));
    expect(found?.what).toMatch(/jobTitle: golden "CTO"; salesforce s1 "CTO", hubspot h1 "Clerk"/);
  });

  it('finds a record that the hub does not know', () => {
    const known = snapshot();
    const [system, ...others] = known.systems;
    const stranger = { id: 's2', entity: 'customer' as const, values: { familyName: 'Nobody' } };
    const systems =
      system === undefined ? [] : [{ ...system, records: [...system.records, stranger] }, ...others];
    expect(recordsAgree({ ...known, systems }).map(({ what }) => what)).toEqual([
      `salesforce customer s2 ("Nobody") is unknown to the hub`,
    ]);
  });
});

describe('the check for duplicates', () => {
  it('passes when the hub made the one that was missing', () => {
    expect(noDuplicates(snapshot(), world)).toEqual([]);
  });

  it('finds a second one that the hub made', () => {
    const twice = [
      { id: 'h1', title: 'CTO' },
      { id: 'h2', title: 'CTO' },
    ];
    expect(noDuplicates(snapshot({ hubspot: twice }), world)).toMatchObject([{ check: 'no duplicate' }]);
  });

  it('finds whoever is missing, unless a user took them out', () => {
    expect(noDuplicates(snapshot({ hubspot: [] }), world)).toMatchObject([{ check: 'nobody missing' }]);
    world.remove({ system: 'hubspot', id: 'h1', person: 0 });
    expect(noDuplicates(snapshot({ hubspot: [] }), world)).toEqual([]);
  });

  it('finds what a user deleted and is back', () => {
    world.remove({ system: 'hubspot', id: 'h1', person: 0 });
    expect(noDuplicates(snapshot(), world)).toMatchObject([{ check: 'deleted stays deleted' }]);
  });
});

describe('the check for lost updates', () => {
  const written = { system: 'salesforce', entity: 'customer' as const, id: 's1', field: 'jobTitle' };

  it('passes for what is golden, and for what was overridden and is told', () => {
    world.write({ ...written, value: 'CTO' });
    expect(nothingLost(snapshot(), world)).toEqual([]);
    world.write({ ...written, value: 'Clerk' });
    expect(nothingLost(snapshot({ history: [overridden('Clerk')] }), world)).toEqual([]);
  });

  it('finds what stands nowhere', () => {
    world.write({ ...written, value: 'Clerk' });
    expect(nothingLost(snapshot(), world)[0]?.what).toMatch(/^salesforce s1 jobTitle = "Clerk"; golden/);
  });

  it('does not ask for what its user overwrote or deleted', () => {
    world.write({ ...written, value: 'Clerk' });
    world.write({ ...written, value: 'CTO' });
    world.write({ ...written, id: 's9', value: 'Clerk' });
    world.remove({ system: 'salesforce', id: 's9', person: 0 });
    expect(nothingLost(snapshot(), world)).toEqual([]);
  });
});

describe('the check of issues', () => {
  const twice = [
    { id: 'h1', title: 'CTO' },
    { id: 'h2', title: 'CTO' },
  ];

  it('takes users who enter somebody twice for a cause, and nothing else', () => {
    const doubled = snapshot({ hubspot: twice, issues: [issue('DUPLICATE_IN_SYSTEM')] });
    expect(issuesExplained(doubled, world)).toHaveLength(1);
    world.make({ system: 'hubspot', id: 'h2', person: 0, early: false });
    expect(issuesExplained(doubled, world)).toEqual([]);
    expect(issuesExplained(snapshot({ issues: [issue('VALUE_NOT_KEPT')] }), world)).toHaveLength(1);
  });
});
