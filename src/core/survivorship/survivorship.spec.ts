import fc from 'fast-check';
import type { JsonValue } from '../../sdk/index.js';
import { compareGolden } from './changes.js';
import { mergedChanges } from './merged.js';
import { DEFAULT_RULES, type FieldRule, type SurvivorshipRules } from './rules.js';
import { survive, type ClaimSource } from './survive.js';

const source = (
  connection: string,
  claims: Record<string, [JsonValue, number]>,
  options: Partial<Pick<ClaimSource, 'record' | 'hub' | 'position'>> = {},
): ClaimSource => ({
  record: options.record ?? `${connection}-1`,
  connection,
  position: options.position ?? ['hub', 'salesforce', 'hubspot', 'csv'].indexOf(connection),
  hub: options.hub ?? connection === 'hub',
  claims: Object.fromEntries(
    Object.entries(claims).map(([field, [value, at]]) => [field, { value, at, origin: 'record' as const }]),
  ),
});

const withRule = (field: string, rule: Partial<FieldRule>): SurvivorshipRules => ({
  ...DEFAULT_RULES,
  fields: { customer: { [field]: { rule: 'most-recent', order: [], blanks: 'win', ...rule } }, account: {} },
});

const decide = (rules: SurvivorshipRules, ...sources: ClaimSource[]): JsonValue | undefined =>
  survive('customer', rules, sources)['jobTitle']?.value;

describe('survivorship', () => {
  const older = source('salesforce', { jobTitle: ['Chief Technology Officer', 100] });
  const newer = source('hubspot', { jobTitle: ['CTO', 200] });

  it('most-recent: the latest claim wins, and the loser is named', () => {
    const golden = survive('customer', DEFAULT_RULES, [older, newer])['jobTitle'];
    expect(golden).toMatchObject({
      value: 'CTO',
      rule: 'most-recent',
      winner: { record: 'hubspot-1', at: 200 },
    });
    expect(golden?.losers).toEqual([
      { record: 'salesforce-1', connection: 'salesforce', value: 'Chief Technology Officer', at: 100 },
    ]);
  });

  it('ties break by the order of connections, then the name, then the record', () => {
    const tied = source('salesforce', { jobTitle: ['VP', 200] });
    expect(decide(DEFAULT_RULES, newer, tied)).toBe('VP');
    const twin = source('hubspot', { jobTitle: ['CFO', 200] }, { record: 'hubspot-0' });
    expect(decide(DEFAULT_RULES, newer, twin)).toBe('CFO');
  });

  it('source-priority: holds over time; systems not named come after, most recent first', () => {
    const rules = withRule('jobTitle', { rule: 'source-priority', order: ['salesforce'] });
    const later = source('csv', { jobTitle: ['Boss', 900] });
    expect(decide(rules, older, newer, later)).toBe('Chief Technology Officer');
    expect(decide(rules, newer, later)).toBe('Boss');
  });

  it('most-complete: the longer value wins whatever its age', () => {
    expect(decide(withRule('jobTitle', { rule: 'most-complete' }), older, newer)).toBe(
      'Chief Technology Officer',
    );
  });

  it('union: what any of them says, each once', () => {
    const golden = survive('customer', withRule('tags', { rule: 'union' }), [
      source('salesforce', { tags: [['vip', 'Berlin'], 1] }),
      source('hubspot', { tags: [['Berlin', 'beta'], 2] }),
    ]);
    expect(golden['tags']?.value).toEqual(['Berlin', 'beta', 'vip']);
  });

  it('manual: the value known longest stands, marked undecided, until a person says', () => {
    const rules = withRule('jobTitle', { rule: 'manual' });
    expect(survive('customer', rules, [older, newer])['jobTitle']).toMatchObject({
      value: 'Chief Technology Officer',
      undecided: true,
    });
    const said = source('hub', { jobTitle: ['CTO & founder', 50] });
    const golden = survive('customer', rules, [older, newer, said])['jobTitle'];
    expect(golden?.value).toBe('CTO & founder');
    expect(golden?.undecided).toBeUndefined();
  });

  it('blanks: a cleared value counts as said unless the rule ignores blanks', () => {
    const cleared = source('csv', { jobTitle: ['', 900] });
    expect(decide(DEFAULT_RULES, older, newer, cleared)).toBe('');
    expect(decide(withRule('jobTitle', { blanks: 'ignore' }), older, newer, cleared)).toBe('CTO');
  });

  it('blanks: a cleared value that is ignored is told as overridden', () => {
    const cleared = source('csv', { jobTitle: ['', 900] });
    const golden = survive('customer', withRule('jobTitle', { blanks: 'ignore' }), [newer, cleared])[
      'jobTitle'
    ];
    expect(golden?.losers).toMatchObject([{ connection: 'csv', value: '', at: 900 }]);
  });

  it('never depends on the order of arrival', () => {
    const claims = fc.array(
      fc.record({
        connection: fc.constantFrom('salesforce', 'hubspot', 'csv', 'hub'),
        record: fc.stringMatching(/^[a-c]$/),
        value: fc.constantFrom('A', 'B', 'long value', '', null),
        at: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 8 },
    );
    const rule = fc.constantFrom<FieldRule['rule']>(
      'most-recent',
      'source-priority',
      'most-complete',
      'manual',
    );
    const blanks = fc.constantFrom<FieldRule['blanks']>('win', 'ignore');
    fc.assert(
      fc.property(
        claims,
        rule,
        blanks,
        fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
        (list, name, blank, random) => {
          const unique = [...new Map(list.map((one) => [`${one.connection}${one.record}`, one])).values()];
          const sources = unique.map((one) =>
            source(
              one.connection,
              { jobTitle: [one.value, one.at] },
              { record: `${one.connection}${one.record}` },
            ),
          );
          const shuffled = sources
            .map((one, index) => ({ one, key: random[index] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
          const rules = withRule('jobTitle', { rule: name, blanks: blank, order: ['csv', 'hubspot'] });
          expect(survive('customer', rules, shuffled)).toEqual(survive('customer', rules, sources));
        },
      ),
    );
  });
});

describe('history', () => {
  const golden = (...sources: ClaimSource[]) => survive('customer', DEFAULT_RULES, sources);
  const first = source('salesforce', { jobTitle: ['CTO', 100] });

  it('tells a change with old, new, winner, rule and losers', () => {
    const before = compareGolden('customer', null, golden(first)).golden;
    const { changes } = compareGolden(
      'customer',
      before,
      golden(first, source('hubspot', { jobTitle: ['CEO', 200] })),
    );
    expect(changes).toEqual([
      {
        field: 'jobTitle',
        kind: 'changed',
        old: 'CTO',
        new: 'CEO',
        rule: 'most-recent',
        winner: { record: 'hubspot-1', connection: 'hubspot', value: 'CEO', at: 200 },
        losers: [{ record: 'salesforce-1', connection: 'salesforce', value: 'CTO', at: 100 }],
      },
    ]);
  });

  it('tells once of a value that was written and did not win', () => {
    const before = compareGolden('customer', null, golden(first)).golden;
    const late = source('hubspot', { jobTitle: ['VP', 50] });
    const told = compareGolden('customer', before, golden(first, late));
    expect(told.changes).toMatchObject([{ kind: 'overridden', losers: [{ value: 'VP' }] }]);
    expect(compareGolden('customer', told.golden, golden(first, late))).toMatchObject({
      changes: [],
      differs: false,
    });
  });

  it('tells when the last claim of a field goes', () => {
    const before = compareGolden('customer', null, golden(first)).golden;
    expect(compareGolden('customer', before, golden()).changes).toMatchObject([
      { field: 'jobTitle', kind: 'changed', old: 'CTO', new: null, winner: null },
    ]);
  });

  it('tells what was golden only on a record that another took in, once', () => {
    const alias = compareGolden('customer', null, golden(source('hubspot', { jobTitle: ['VP', 50] }))).golden;
    const survivor = compareGolden('customer', null, golden(first));
    const told = mergedChanges('customer', alias, survivor.golden, survivor.changes);
    expect(told).toMatchObject([{ kind: 'overridden', field: 'jobTitle', old: 'VP', new: 'CTO' }]);
    expect(mergedChanges('customer', alias, survivor.golden, told)).toEqual([]);
  });
});
