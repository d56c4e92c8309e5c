import fc from 'fast-check';
import {
  accountableTimes,
  observe,
  settle,
  identityFields,
  type FieldStates,
  type Observation,
} from './index.js';

const options = { entity: 'customer' as const, pushOnly: new Set<string>(), madeByHub: false };
const seen = (fields: Observation['fields'], at: number, times: Observation['times'] = {}): Observation => ({
  fields,
  times,
  modifiedAt: at,
  readAt: Math.max(at, 1_000_000),
});

describe('observing a record', () => {
  it('takes a value seen the first time as a claim of its modified time, an upper bound', () => {
    const { fields, edited } = observe({}, seen({ jobTitle: 'CTO' }, 500), options);
    expect(fields['jobTitle']).toEqual({ claim: { value: 'CTO', at: 500, origin: 'first' }, held: 'CTO' });
    expect(edited).toEqual(['jobTitle']);
  });

  it('makes no claim of a blank seen the first time, but of a value that becomes blank', () => {
    const first = observe({}, seen({ jobTitle: null }, 500), options);
    expect(first.fields['jobTitle']).toEqual({ held: null });
    const filled = observe(first.fields, seen({ jobTitle: 'CTO' }, 600), options);
    const cleared = observe(filled.fields, seen({ jobTitle: '' }, 700), options);
    expect(cleared.fields['jobTitle']).toEqual({ claim: { value: '', at: 700, origin: 'record' }, held: '' });
  });

  it('is told nothing new by a time in the future, however often and whenever it is read', () => {
    const ahead = 5_000_000;
    let { fields } = observe({}, seen({ jobTitle: 'CTO' }, 500, { jobTitle: ahead }), options);
    expect(fields['jobTitle']?.claim?.at).toBe(1_000_000);
    for (const readAt of [1_000_500, 3_000_000, 6_000_000]) {
      const again = observe(
        fields,
        { ...seen({ jobTitle: 'CTO' }, 500, { jobTitle: ahead }), readAt },
        options,
      );
      expect(again.changed).toBe(false);
      fields = again.fields;
    }
    const said = observe(
      fields,
      { ...seen({ jobTitle: 'CTO' }, 500, { jobTitle: ahead + 10 }), readAt: 6_000_000 },
      options,
    );
    expect(said.fields['jobTitle']?.claim?.at).toBe(ahead + 10);
  });

  it('gives a new time only to fields whose value differs from what was last seen', () => {
    const first = observe({}, seen({ jobTitle: 'CTO', givenName: 'Ada' }, 500), options);
    const second = observe(first.fields, seen({ jobTitle: 'CEO', givenName: 'Ada' }, 900), options);
    expect(second.edited).toEqual(['jobTitle']);
    expect(second.fields['givenName']?.claim?.at).toBe(500);
  });

  it("prefers the system's own time of a field", () => {
    const { fields } = observe({}, seen({ jobTitle: 'CTO' }, 900, { jobTitle: 300 }), options);
    expect(fields['jobTitle']?.claim).toEqual({ value: 'CTO', at: 300, origin: 'field' });
  });

  it('knows a value that was changed and changed back by its later field time', () => {
    const first = observe({}, seen({ jobTitle: 'CTO' }, 300, { jobTitle: 300 }), options);
    const again = observe(first.fields, seen({ jobTitle: 'CTO' }, 800, { jobTitle: 800 }), options);
    expect(again.fields['jobTitle']?.claim?.at).toBe(800);
  });

  it('does not take a pushed value for a claim, whatever time the system gives it', () => {
    const first = observe({}, seen({ jobTitle: 'CTO' }, 300, { jobTitle: 300 }), options);
    const pushed = settle(first.fields, { sent: { jobTitle: '=CEO' }, stored: { jobTitle: 'CEO' } });
    const echo = observe(pushed, seen({ jobTitle: 'CEO' }, 900, { jobTitle: 900 }), options);
    expect(echo.changed).toBe(false);
    expect(pushed['jobTitle']).toEqual({
      claim: { value: 'CTO', at: 300, origin: 'field' },
      held: 'CEO',
      sent: '=CEO',
    });
  });

  it('takes an edit after a push for a claim, later than the one before even on an odd clock', () => {
    const first = observe({}, seen({ jobTitle: 'CTO' }, 900), options);
    const pushed = settle(first.fields, { sent: { jobTitle: '=CEO' }, stored: { jobTitle: 'CEO' } });
    const edited = observe(pushed, seen({ jobTitle: 'VP' }, 100), options);
    expect(edited.fields['jobTitle']).toEqual({
      claim: { value: 'VP', at: 901, origin: 'record' },
      held: 'VP',
    });
  });

  it("takes a field's own time, told later, for the one of its record: in whatever order they come, it is the same", () => {
    const first = observe({}, seen({ jobTitle: 'CTO' }, 100), options);
    const edited = observe(first.fields, seen({ jobTitle: 'VP' }, 900), options);
    const dated = observe(edited.fields, seen({ jobTitle: 'VP' }, 900, { jobTitle: 500 }), options);
    const atOnce = observe(first.fields, seen({ jobTitle: 'VP' }, 900, { jobTitle: 500 }), options);
    expect(dated.fields).toEqual(atOnce.fields);
    expect(dated.fields['jobTitle']?.claim).toEqual({ value: 'VP', at: 500, origin: 'field' });
    expect(observe(dated.fields, seen({ jobTitle: 'VP' }, 900), options).changed).toBe(false);
  });

  it('does not believe a time later than the reading itself', () => {
    const { fields } = observe({}, { ...seen({ jobTitle: 'CTO' }, 2_000_000), readAt: 1_000 }, options);
    expect(fields['jobTitle']?.claim?.at).toBe(1_000);
  });

  it('holds, and never claims, what stands in a field that is only pushed', () => {
    const onlyPushed = { ...options, pushOnly: new Set(['jobTitle']) };
    const { fields } = observe({}, seen({ jobTitle: 'CTO' }, 500), onlyPushed);
    expect(fields['jobTitle']).toEqual({ held: 'CTO' });
  });

  it('is done once: the same observation again changes nothing', () => {
    const value = fc.option(fc.string({ maxLength: 5 }), { nil: null });
    const observation = fc.record({
      fields: fc.dictionary(fc.constantFrom('jobTitle', 'givenName', 'email', 'phone'), value),
      at: fc.integer({ min: 1, max: 2_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 5 }), observation, (before, last) => {
        let state: FieldStates = {};
        for (const one of before) state = observe(state, seen(one.fields, one.at), options).fields;
        const once = observe(state, seen(last.fields, last.at), options);
        expect(observe(once.fields, seen(last.fields, last.at), options).changed).toBe(false);
      }),
    );
  });
});

describe('field times at first contact', () => {
  const record = { createdAt: 1_000_000, modifiedAt: 90_000_000 };

  it('count when a field was changed after the record was made', () => {
    const times = { jobTitle: 1_000_000, phone: 50_000_000 };
    expect(accountableTimes(times, record)).toEqual(times);
  });

  it('do not count when they only tell of the first filling in, and something was modified later', () => {
    expect(accountableTimes({ jobTitle: 1_000_000, phone: 1_000_900 }, record)).toEqual({});
  });

  it('count when the record was never modified since', () => {
    const times = { jobTitle: 1_000_000 };
    expect(accountableTimes(times, { createdAt: 1_000_000, modifiedAt: 1_000_500 })).toEqual(times);
    expect(accountableTimes(times, { createdAt: undefined, modifiedAt: 90_000_000 })).toEqual(times);
  });
});

describe('identity', () => {
  it('comes from what was said there or stood there, never from what the hub pushed', () => {
    const states: FieldStates = {
      email: {
        claim: { value: 'own@x.org', at: 1, origin: 'first' },
        held: 'pushed@x.org',
        sent: '=pushed@x.org',
      },
      phone: { held: '+1 415 555 0100' },
      givenName: { held: 'Ada', sent: '=Ada' },
    };
    expect(identityFields(states)).toEqual({ email: 'own@x.org', phone: '+1 415 555 0100' });
  });
});

describe('a value that the hub wrote over unawares', () => {
  const before: FieldStates = {
    jobTitle: { claim: { value: 'CTO', at: 500, origin: 'field' }, held: 'CTO' },
  };
  const written = settle(before, {
    sent: { jobTitle: '=CEO' },
    stored: { jobTitle: 'CEO' },
    within: 300,
  });
  const told = (value: string | null, at: number): Observation => ({
    ...seen({ jobTitle: 'CEO' }, 2_000, { jobTitle: 2_000 }),
    former: { jobTitle: { value, at } },
  });

  it('is the claim of who wrote it between the look and the write', () => {
    const { fields, edited } = observe(written, told('CFO', 1_900), options);
    expect(fields['jobTitle']).toEqual({
      claim: { value: 'CFO', at: 1_900, origin: 'field' },
      held: 'CEO',
      sent: '=CEO',
    });
    expect(edited).toEqual(['jobTitle']);
    expect(observe(fields, told('CFO', 1_900), options).changed).toBe(false);
  });

  it('may be blank', () => {
    const { fields } = observe(written, told(null, 1_900), options);
    expect(fields['jobTitle']?.claim).toEqual({ value: null, at: 1_900, origin: 'field' });
  });

  it.each([
    ['it is what the hub had read', 'CTO ', 1_900],
    ['it is what the hub wrote', 'CEO ', 1_900],
    ['it is older than the look', 'CFO', 1_600],
  ])('is none when %s', (_, value, at) => {
    expect(observe(written, told(value, at), options).changed).toBe(false);
  });

  it('is none where values are only sent', () => {
    const silent = { ...options, pushOnly: new Set(['jobTitle']) };
    expect(observe(written, told('CFO', 1_900), silent).changed).toBe(false);
  });
});
