import { beginSending, cancelSending, observe, settle, type FieldStates, type Observation } from './index.js';

const options = { entity: 'customer' as const, pushOnly: new Set<string>(), madeByHub: false };
const seen = (fields: Observation['fields'], readAt: number): Observation => ({
  fields,
  times: {},
  modifiedAt: readAt - 1,
  readAt,
});

const said: FieldStates = { jobTitle: { claim: { value: 'CTO', at: 100, origin: 'first' }, held: 'CTO' } };
const under = beginSending(said, {
  values: { jobTitle: 'CEO of all' },
  sent: { jobTitle: '=CEO of all' },
  at: 500,
});

describe('a write whose answer is not known', () => {
  it('makes no claim of its value when the system shows that it was applied', () => {
    const { fields, edited } = observe(under, seen({ jobTitle: 'CEO of all' }, 900), options);
    expect(fields['jobTitle']).toEqual({
      claim: said['jobTitle']?.claim,
      held: 'CEO of all',
      sent: '=CEO of all',
    });
    expect(edited).toEqual([]);
  });

  it('makes no claim of what is left of its value where the system cuts it off', () => {
    const { fields } = observe(under, seen({ jobTitle: 'CEO of' }, 900), options);
    expect(fields['jobTitle']).toEqual({
      claim: said['jobTitle']?.claim,
      held: 'CEO of',
      sent: '=CEO of all',
    });
  });

  it('does not hide an edit that somebody made there', () => {
    const { fields, edited } = observe(under, seen({ jobTitle: 'VP' }, 900), options);
    expect(fields['jobTitle']).toEqual({ claim: { value: 'VP', at: 899, origin: 'record' }, held: 'VP' });
    expect(edited).toEqual(['jobTitle']);
  });

  it('is over when a later reading shows the old value', () => {
    const { fields } = observe(under, seen({ jobTitle: 'CTO' }, 900), options);
    expect(fields).toEqual(said);
  });

  it('is not over for a reading that began before it', () => {
    expect(observe(under, seen({ jobTitle: 'CTO' }, 400), options).changed).toBe(false);
  });

  it('is over when the answer comes, or when it is known not to have been applied', () => {
    const settled = settle(under, { sent: { jobTitle: '=CEO of all' }, stored: { jobTitle: 'CEO of all' } });
    expect(settled['jobTitle']?.sending).toBeUndefined();
    expect(cancelSending(under, ['jobTitle'])).toEqual(said);
  });

  it('is remembered of a field that was never seen', () => {
    const fields = beginSending({}, { values: { email: 'a@x.org' }, sent: { email: '=a@x.org' }, at: 500 });
    expect(fields['email']).toEqual({ held: null, sending: { value: 'a@x.org', mark: '=a@x.org', at: 500 } });
  });
});
