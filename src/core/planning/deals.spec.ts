import type { FieldMapping, JsonValue, RecordRef } from '../../sdk/index.js';
import type { FieldStates } from '../claims/index.js';
import { planCreate, planUpdate, waitsFor, type PlanInput } from './index.js';

const MAPPING: readonly FieldMapping[] = ['name', 'amount', 'currency', 'account', 'customers'].map(
  (field) => ({ field, property: field, direction: 'both' }),
);
const ref = (id: string): RecordRef => ({ ref: { object: 'contact', id } });
const link = (id: string): JsonValue => ({ ref: { object: 'contact', id } });

/** Golden ids are the records' ids in capitals; of D there is no record. */
function input(golden: PlanInput['golden'], more: Partial<PlanInput> = {}): PlanInput {
  return {
    entity: 'deal',
    mapping: MAPPING,
    golden,
    recordsOf: (id) => (id === 'D' ? [] : id === 'B' ? [ref('b'), ref('b2')] : [ref(id.toLowerCase())]),
    refused: new Map(),
    ...more,
  };
}
const held = (customers: readonly string[]): FieldStates => ({ customers: { held: customers.map(link) } });

describe('links to be written', () => {
  it('are added to what stands there, and what the hub does not know stays', () => {
    const { values, waiting } = planUpdate({ ...input({ customers: ['A', 'C'] }), fields: held(['a', 'x']) });
    expect(values).toEqual({ customers: [link('a'), link('x'), link('c')] });
    expect(waiting).toEqual([]);
  });

  it('are taken out only where somebody took them out', () => {
    const wanted = input({ customers: ['A'] }, { removed: { customers: ['C'] } });
    expect(planUpdate({ ...wanted, fields: held(['a', 'b', 'c']) }).values).toEqual({
      customers: [link('a'), link('b')],
    });
    expect(planUpdate({ ...wanted, fields: held(['a', 'b']) }).values).toEqual({});
  });

  it('are there when any record of the customer is linked, and wait for one that has none', () => {
    const plan = planUpdate({ ...input({ customers: ['B', 'D'] }), fields: held(['b2']) });
    expect(plan).toEqual({ values: {}, sent: {}, waiting: ['customers'] });
  });

  it('are not written again when the system did not keep them', () => {
    const first = planUpdate({ ...input({ customers: ['A', 'C'] }), fields: held(['a']) });
    const kept = { customers: { held: [link('a')], sent: first.sent['customers'] ?? '' } };
    expect(planUpdate({ ...input({ customers: ['A', 'C'] }), fields: kept }).values).toEqual({});
    const more = planUpdate({ ...input({ customers: ['A', 'B', 'C'] }), fields: kept });
    expect(more.values).toEqual({ customers: [link('a'), link('b'), link('c')] });
  });
});

describe('an amount to be written', () => {
  const golden = { amount: '10', currency: 'EUR' };
  const record = (currency: JsonValue): FieldStates => ({
    amount: { held: '5' },
    currency: { held: currency },
  });
  const refused = new Map([['currency', '=EUR']]);

  it('goes where the currency is the same, or goes with it', () => {
    expect(planUpdate({ ...input(golden), fields: record('eur') }).values).toEqual({ amount: '10' });
    expect(planUpdate({ ...input(golden), fields: record('USD') }).values).toEqual(golden);
  });

  it('stays away where the record is in another currency and cannot get this one', () => {
    expect(planUpdate({ ...input(golden, { refused }), fields: record('USD') }).values).toEqual({});
    expect(planCreate(input({ ...golden, name: 'Big one' }, { refused })).values).toEqual({
      name: 'Big one',
    });
  });

  it('goes where currencies are not mapped', () => {
    const mapping = MAPPING.filter(({ field }) => field !== 'currency');
    expect(planUpdate({ ...input(golden, { mapping }), fields: record('USD') }).values).toEqual({
      amount: '10',
    });
  });
});

describe('a new deal', () => {
  it('waits for its account, or, if it has none, for one of its customers', () => {
    expect(waitsFor(input({ account: 'D', customers: ['A'] }))).toBe('account');
    expect(waitsFor(input({ account: 'A', customers: ['D'] }))).toBeUndefined();
    expect(waitsFor(input({ customers: ['D'] }))).toBe('customers');
    expect(waitsFor(input({ customers: ['D', 'A'] }))).toBeUndefined();
    expect(waitsFor(input({ name: 'On its own' }))).toBeUndefined();
  });
});
