import type { JsonValue } from '../../sdk/index.js';
import { compareRecords } from './compare.js';
import { identityOf, type Identity } from './identity.js';
import { DEFAULT_MATCH_RULES, place, type MatchRecord, type PlaceInput } from './index.js';

const BIG = { name: 'Big deal', amount: '1000', closeDate: '2026-12-31', currency: 'EUR' };

function deal(fields: Readonly<Record<string, JsonValue>>, account: string | null = 'acme'): Identity {
  const identity = identityOf('deal', fields);
  return identity.deal === undefined ? identity : { ...identity, deal: { ...identity.deal, account } };
}

function verdict(a: Identity, b: Identity): string {
  const shared = a.identifiers.filter((one) => b.identifiers.some((other) => other.value === one.value));
  return compareRecords(a, b, shared).verdict;
}

describe('two deals', () => {
  it('are the same where name, account, amount and close date are, however they are written', () => {
    expect(
      verdict(deal(BIG), deal({ ...BIG, name: 'big  DEAL', amount: 1000.0, closeDate: '2026/12/31' })),
    ).toBe('same');
  });

  it.each([
    ['another amount', { amount: '999.99' }],
    ['another close date', { closeDate: '2027-01-31' }],
    ['another currency', { currency: 'USD' }],
    ['no amount', { amount: null }],
  ])('are for a person to judge with %s', (_, other) => {
    expect(verdict(deal(BIG), deal({ ...BIG, ...other }))).toBe('candidate');
  });

  it('are for a person to judge where the account of one is not known', () => {
    expect(verdict(deal(BIG), deal(BIG, null))).toBe('candidate');
  });

  it('are different with other accounts, with another amount and date, or with nothing else the same', () => {
    expect(verdict(deal(BIG), deal(BIG, 'globex'))).toBe('different');
    expect(verdict(deal(BIG), deal({ ...BIG, amount: '5', closeDate: '2020-01-01' }))).toBe('different');
    expect(verdict(deal({ name: 'New deal' }, null), deal({ name: 'New deal' }, null))).toBe('different');
  });

  it('are compared the same either way round', () => {
    const some = [deal(BIG), deal({ ...BIG, amount: '5' }), deal(BIG, null), deal({ name: 'Big deal' })];
    for (const a of some) for (const b of some) expect(verdict(a, b)).toBe(verdict(b, a));
  });
});

describe('placing deals', () => {
  const record = (recordId: string, connection: string, identity = deal(BIG)): MatchRecord => ({
    recordId,
    connection,
    identity,
    linkedTo: null,
    live: true,
  });
  const placed = (records: readonly MatchRecord[]) => {
    const input: PlaceInput = {
      toPlace: records.map((one) => one.recordId),
      records,
      goldens: [],
      decisions: [],
      crowded: new Set(),
      uniqueConnections: new Set(),
      rules: DEFAULT_MATCH_RULES,
    };
    const operations = place(input);
    return {
      deals: operations
        .filter((one) => one.kind === 'create')
        .map((one) => one.records.map((r) => r.recordId)),
      asked: operations.filter((one) => one.kind === 'candidate').map(({ a, b }) => [a, b]),
    };
  };

  it('puts the same deal of two systems together', () => {
    expect(placed([record('1', 'crm'), record('2', 'hs')])).toEqual({ deals: [['1', '2']], asked: [] });
  });

  it('never takes two deals of one system for one', () => {
    expect(placed([record('1', 'crm'), record('2', 'crm')])).toEqual({ deals: [['1'], ['2']], asked: [] });
  });

  it('asks a person which of two alike is meant, rather than to guess', () => {
    const { deals, asked } = placed([record('1', 'crm'), record('2', 'crm'), record('3', 'hs')]);
    expect(deals).toEqual([['1'], ['2'], ['3']]);
    expect(asked).toEqual([
      ['1', '3'],
      ['2', '3'],
    ]);
  });
});
