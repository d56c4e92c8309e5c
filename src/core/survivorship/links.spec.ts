import fc from 'fast-check';
import type { ClaimMember } from '../claims/index.js';
import { DEFAULT_RULES, survive, type ClaimSource, type FieldRule } from './index.js';

const member = (ref: string, at: number, there = true): ClaimMember => ({ ref, at, there });

function source(connection: string, members: readonly ClaimMember[], position = 0): ClaimSource {
  const value = members.filter(({ there }) => there).map(({ ref }) => ref);
  const at = Math.max(...members.map((one) => one.at));
  const claim = { value, at, origin: 'record' as const, members };
  return { record: connection, connection, position, hub: false, claims: { customers: claim } };
}

function rule(name: FieldRule['rule'], order: readonly string[] = []): typeof DEFAULT_RULES {
  return { ...DEFAULT_RULES, default: { rule: name, order, blanks: 'ignore' } };
}

const golden = (sources: readonly ClaimSource[], rules = DEFAULT_RULES) =>
  survive('deal', rules, sources)['customers'];

describe('links of a deal', () => {
  it('are those of all systems together, as long as nobody took one out', () => {
    const found = golden([source('crm', [member('a', 1)]), source('hs', [member('b', 2)])]);
    expect(found).toMatchObject({ value: ['a', 'b'], losers: [] });
    expect(found?.removed).toBeUndefined();
  });

  it('go where somebody took them out later than they were put there, and the history can tell', () => {
    const crm = source('crm', [member('a', 1), member('b', 1)]);
    const found = golden([crm, source('hs', [member('a', 5, false), member('b', 1)])]);
    expect(found).toMatchObject({ value: ['b'], removed: ['a'], winner: { connection: 'hs', at: 5 } });
    expect(found?.losers).toEqual([{ record: 'crm', connection: 'crm', value: ['a', 'b'], at: 1 }]);
    expect(golden([source('crm', [member('a', 9)]), source('hs', [member('a', 5, false)])])?.value).toEqual([
      'a',
    ]);
  });

  it('follow the system that comes first where the rule says so, of those that say anything of the link', () => {
    const rules = rule('source-priority', ['crm']);
    const crm = source('crm', [member('a', 1)]);
    const hs = source('hs', [member('a', 5, false), member('b', 5)]);
    expect(golden([crm, hs], rules)?.value).toEqual(['a', 'b']);
  });

  it('never go with a union', () => {
    const found = golden(
      [source('crm', [member('a', 1)]), source('hs', [member('a', 5, false)])],
      rule('union'),
    );
    expect(found?.value).toEqual(['a']);
  });

  it('come out the same in whatever order the records are given', () => {
    const members = fc.uniqueArray(
      fc.record({ ref: fc.constantFrom('a', 'b', 'c'), at: fc.nat(5), there: fc.boolean() }),
      {
        selector: ({ ref }) => ref,
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(fc.tuple(members, members, members), (lists) => {
        const sources = lists.map((list, index) => source(`s${String(index)}`, list, index));
        expect(golden([...sources].reverse())).toEqual(golden(sources));
      }),
    );
  });
});
