import fc from 'fast-check';
import type { FieldMapping, JsonValue, RecordRef } from '../../sdk/index.js';
import { settle, type FieldStates } from '../claims/index.js';
import { digest, missingToCreate, passes, planCreate, planUpdate, type PlanInput } from './index.js';

const mapping: FieldMapping[] = [
  { field: 'jobTitle', property: 'Title', direction: 'both' },
  { field: 'email', property: 'Email', direction: 'both' },
  { field: 'phone', property: 'Phone', direction: 'both' },
  { field: 'owner', property: 'OwnerId', direction: 'pull' },
  { field: 'account', property: 'AccountId', direction: 'both' },
];
const recordsOf = (goldenId: string): RecordRef[] =>
  goldenId === 'acme'
    ? [{ ref: { object: 'account', id: '001' } }, { ref: { object: 'account', id: '002' } }]
    : [];
const input = (golden: Record<string, JsonValue>, refused: [string, string][] = []): PlanInput => ({
  entity: 'customer',
  mapping,
  golden,
  recordsOf,
  refused: new Map(refused),
});

describe('planning', () => {
  it('writes what differs from the value held, on fields that may be written', () => {
    const fields: FieldStates = {
      jobTitle: { held: 'CTO' },
      owner: { held: 'a@x.org' },
      email: { held: 'e@x.org' },
    };
    const plan = planUpdate({ ...input({ jobTitle: 'CEO', owner: 'b@x.org', email: 'E@X.org' }), fields });
    expect(plan.values).toEqual({ jobTitle: 'CEO' });
  });

  it('leaves fields alone that nobody has claimed', () => {
    expect(planUpdate({ ...input({}), fields: { jobTitle: { held: 'CTO' } } }).values).toEqual({});
  });

  it('clears what somebody cleared', () => {
    const plan = planUpdate({ ...input({ jobTitle: '' }), fields: { jobTitle: { held: 'CTO' } } });
    expect(plan.values).toEqual({ jobTitle: '' });
  });

  it('does not send again what a system stored in its own way', () => {
    const once = planUpdate({
      ...input({ jobTitle: 'A very long title' }),
      fields: { jobTitle: { held: 'CTO' } },
    });
    const fields = settle(
      { jobTitle: { held: 'CTO' } },
      { sent: once.sent, stored: { jobTitle: 'A very lo' } },
    );
    expect(planUpdate({ ...input({ jobTitle: 'A very long title' }), fields }).values).toEqual({});
    expect(planUpdate({ ...input({ jobTitle: 'CEO' }), fields }).values).toEqual({ jobTitle: 'CEO' });
  });

  it('does not send a refused value again until it differs', () => {
    const refused: [string, string][] = [['jobTitle', digest('CEO')]];
    const fields: FieldStates = { jobTitle: { held: 'CTO' } };
    expect(planUpdate({ ...input({ jobTitle: 'CEO' }, refused), fields }).values).toEqual({});
    expect(planUpdate({ ...input({ jobTitle: 'CFO' }, refused), fields }).values).toEqual({
      jobTitle: 'CFO',
    });
  });

  it("turns a reference into this system's own record, and waits where there is none yet", () => {
    const own = planUpdate({ ...input({ account: 'acme' }), fields: {} });
    expect(own.values).toEqual({ account: { ref: { object: 'account', id: '001' } } });
    expect(planUpdate({ ...input({ account: 'new' }), fields: {} })).toMatchObject({
      values: {},
      waiting: ['account'],
    });
  });

  it('takes any record of the account for the account', () => {
    const fields: FieldStates = { account: { held: { ref: { object: 'account', id: '002' } } } };
    expect(planUpdate({ ...input({ account: 'acme' }), fields }).values).toEqual({});
  });

  it('makes a record with every value that is not blank', () => {
    const plan = planCreate(input({ jobTitle: '', email: 'e@x.org', owner: 'b@x.org' }));
    expect(plan.values).toEqual({ email: 'e@x.org' });
  });

  it('names what is missing of the group that lacks least', () => {
    expect(missingToCreate([['email'], ['givenName', 'familyName']], { givenName: 'Ada' })).toEqual([
      'email',
    ]);
    expect(missingToCreate([['email'], ['familyName']], { familyName: 'Byron' })).toEqual([]);
    expect(missingToCreate([], {})).toEqual([]);
  });

  it('filters by conditions that all must hold', () => {
    const golden = { lifecycleStage: 'Customer', tags: ['vip', 'beta'], email: null };
    expect(
      passes(
        [
          { field: 'lifecycleStage', is: 'customer' },
          { field: 'tags', in: ['VIP'] },
        ],
        golden,
      ),
    ).toBe(true);
    expect(passes([{ field: 'email', exists: true }], golden)).toBe(false);
    expect(passes([{ field: 'tags', isNot: 'beta' }], golden)).toBe(false);
  });

  it('comes to rest: once stored, whatever the system made of it, nothing is left to write', () => {
    const value = fc.option(fc.string({ maxLength: 40 }), { nil: null });
    fc.assert(
      fc.property(value, value, value, fc.func(value), (wanted, held, phone, rewrite) => {
        const before: FieldStates = { jobTitle: { held } };
        const golden = { jobTitle: wanted, phone };
        const plan = planUpdate({ ...input(golden), fields: before });
        const stored = Object.fromEntries(
          Object.entries(plan.values).map(([field, sent]) => [field, rewrite(sent as string | null)]),
        );
        const after = settle(before, { sent: plan.sent, stored });
        expect(planUpdate({ ...input(golden), fields: after }).values).toEqual({});
      }),
    );
  });
});
