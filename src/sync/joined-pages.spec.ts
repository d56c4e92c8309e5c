import type { PullPage } from '../sdk/index.js';
import { joinedPages } from './joined-pages.js';

function page(
  number: number,
  content: { seen?: readonly string[]; gone?: readonly string[] },
): PullPage<number> {
  return {
    records: (content.seen ?? []).map((id) => ({
      id,
      values: { number },
      modifiedAt: '2026-01-01T00:00:00Z',
    })),
    tombstones: (content.gone ?? []).map((id) => ({ id })),
    cursor: number,
    readAt: number * 10,
  };
}

describe('pages joined', () => {
  it('end at the last cursor, and remember when each record was read', () => {
    const [joined, ...others] = joinedPages([page(1, { seen: ['a'] }), page(2, { seen: ['b'] })]);
    expect(others).toEqual([]);
    expect(joined).toMatchObject({ cursor: 2, readAt: 10 });
    expect(joined?.readAts).toEqual(
      new Map([
        ['a', 10],
        ['b', 20],
      ]),
    );
  });

  it('say of each record what was said last', () => {
    const pages = [
      page(1, { seen: ['a', 'b', 'c'] }),
      page(2, { seen: ['a'], gone: ['b'] }),
      page(3, { seen: ['b'] }),
    ];
    const [joined] = joinedPages(pages);
    expect(joined?.records.map(({ id, values }) => [id, values['number']])).toEqual([
      ['c', 1],
      ['a', 2],
      ['b', 3],
    ]);
    expect(joined?.tombstones).toEqual([]);
  });

  it('know a record as gone that was deleted after it was read', () => {
    const [joined] = joinedPages([page(1, { seen: ['a'] }), page(2, { gone: ['a'] })]);
    expect(joined?.records).toEqual([]);
    expect(joined?.tombstones).toEqual([{ id: 'a' }]);
  });

  it('stay apart where only a part of a record was read', () => {
    const whole = page(1, { seen: ['a'] });
    const part = {
      ...page(2, {}),
      records: [{ id: 'a', values: {}, modifiedAt: '', partial: true as const }],
    };
    expect(joinedPages([whole, part])).toEqual([whole, part]);
  });
});
