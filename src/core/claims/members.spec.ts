import fc from 'fast-check';
import type { JsonValue } from '../../sdk/index.js';
import { beginSending, observe, saidLinks, type FieldState, type Observation } from './index.js';

const options = { entity: 'deal' as const, pushOnly: new Set<string>(), madeByHub: false };
const link = (id: string): JsonValue => ({ ref: { object: 'contact', id } });
const seen = (ids: readonly string[], at: number): Observation => ({
  fields: { customers: ids.map(link) },
  times: {},
  modifiedAt: at,
  readAt: Math.max(at, 10_000),
});
const said = (state: FieldState | undefined): Record<string, boolean> =>
  Object.fromEntries(
    (state?.claim?.members ?? []).map(({ ref, there }) => [(ref as { ref: { id: string } }).ref.id, there]),
  );

describe('a list of links', () => {
  it('says of the links it was first seen with that they are there, and of no other anything', () => {
    const { fields } = observe({}, seen(['a', 'b'], 500), options);
    expect(said(fields['customers'])).toEqual({ a: true, b: true });
    expect(observe({}, seen([], 500), options).fields['customers']).toEqual({ held: [] });
  });

  it('says of one that went that somebody took it out, and nothing new of the others', () => {
    const first = observe({}, seen(['a', 'b'], 500), options).fields;
    const { fields } = observe(first, seen(['b', 'c'], 900), options);
    expect(said(fields['customers'])).toEqual({ a: false, b: true, c: true });
    expect(fields['customers']?.claim?.members?.map(({ at }) => at)).toEqual([900, 500, 900]);
    expect(fields['customers']?.claim?.value).toEqual([link('b'), link('c')]);
  });

  it('takes what the hub is adding and taking out for the hub’s own, and the rest for a person’s', () => {
    const first = observe({}, seen(['a', 'b'], 500), options).fields;
    const write = { values: { customers: ['b', 'c'].map(link) }, sent: { customers: '=x' }, at: 600 };
    const during = beginSending(first, write);
    const { fields, edited } = observe(during, seen(['b', 'c', 'd'], 900), options);
    expect(edited).toEqual(['customers']);
    expect(said(fields['customers'])).toEqual({ a: true, b: true, d: true });
    expect(fields['customers']?.held).toEqual(['b', 'c', 'd'].map(link));
    expect(observe(during, seen(['b', 'c'], 900), options).edited).toEqual([]);
  });

  it('is no claim where the hub only writes', () => {
    const onlyPushed = { ...options, pushOnly: new Set(['customers']) };
    const { fields } = observe({}, seen(['a'], 500), onlyPushed);
    expect(fields['customers']).toEqual({ held: [link('a')] });
    expect(observe(fields, seen([], 900), onlyPushed).fields['customers']).toEqual({ held: [] });
  });

  it('is done once: the same list again, in any order, changes nothing', () => {
    const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 5 }), ids, (before, last) => {
        let fields = {};
        for (const [index, list] of before.entries())
          ({ fields } = observe(fields, seen(list, 100 + index), options));
        const once = observe(fields, seen(last, 900), options).fields;
        expect(observe(once, seen([...last].reverse(), 900), options).changed).toBe(false);
        const there = Object.entries(said(once['customers'])).filter(([, is]) => is);
        // What is there now was there before or was said; what is not there was never said to be.
        expect(new Set(there.map(([id]) => id))).toEqual(new Set(last));
      }),
    );
  });

  it('that a person gives in the hub takes out what stood there and is not in it', () => {
    const { value, members } = saidLinks(undefined, {
      now: [link('b'), link('c')],
      was: [link('a'), link('b')],
      at: 700,
    });
    expect(value).toEqual([link('b'), link('c')]);
    expect(said({ claim: { value, at: 700, origin: 'hub', members: members ?? [] }, held: value })).toEqual({
      a: false,
      b: true,
      c: true,
    });
  });
});
