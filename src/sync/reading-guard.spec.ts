import { DEFAULT_LIMITS } from '../core/breaker/index.js';
import type { PullPage } from '../sdk/index.js';
import { believable, believableAbsence, type CheckedReading } from './reading-guard.js';

const READING: CheckedReading = {
  connection: 'people',
  object: 'row',
  full: false,
  limits: DEFAULT_LIMITS,
  known: () => Promise.resolve(2_000),
};
const record = { id: '1', values: {}, modifiedAt: '2026-01-01T00:00:00Z' };

function page(gone: number, records = 0, deletedAt?: string): PullPage<unknown> {
  return {
    records: Array.from({ length: records }, () => record),
    tombstones: Array.from({ length: gone }, (_, index) => ({
      id: `gone${String(index)}`,
      ...(deletedAt !== undefined && { deletedAt }),
    })),
    cursor: null,
    readAt: 0,
  };
}

async function read(
  pages: readonly PullPage<unknown>[],
  reading: Partial<CheckedReading> = {},
): Promise<{ readonly passed: readonly PullPage<unknown>[]; readonly code: unknown }> {
  const passed: PullPage<unknown>[] = [];
  const source = (async function* () {
    await Promise.resolve();
    yield* pages;
  })();
  try {
    for await (const one of believable(source, { ...READING, ...reading })) passed.push(one);
    return { passed, code: undefined };
  } catch (error) {
    return { passed, code: (error as { code: unknown }).code };
  }
}

it('passes on everything, in order, while few records are missing', async () => {
  const pages = [page(0, 5), page(100), page(100), page(0)];
  expect(await read(pages)).toEqual({ passed: pages, code: undefined });
});

it('passes no missing record on when too many are, however many pages they come in', async () => {
  const pages = [page(0, 5), page(300), page(300)];
  expect(await read(pages)).toEqual({ passed: pages.slice(0, 1), code: 'RECORDS_VANISHED' });
});

it('believes a system that says when a record was deleted', async () => {
  const pages = [page(600, 0, '2026-01-01T00:00:00Z')];
  expect(await read(pages)).toEqual({ passed: pages, code: undefined });
});

it('stops when a full read brings nothing where there was much, and passes not even its cursor on', async () => {
  expect(await read([page(0)], { full: true })).toEqual({ passed: [], code: 'READS_NOTHING' });
  expect((await read([], { full: true })).code).toBe('READS_NOTHING');
  expect((await read([page(0)], { full: true, known: () => Promise.resolve(9) })).passed).toHaveLength(1);
  expect((await read([page(0)])).code).toBeUndefined();
});

it('stops nothing where the breaker is off', async () => {
  expect((await read([page(1_500)], { limits: false })).code).toBeUndefined();
  expect((await read([page(0)], { limits: false, full: true })).code).toBeUndefined();
});

it('believes that few of the records asked for are gone, and not that most of many are', () => {
  const ids = Array.from({ length: 30 }, (_, index) => String(index));
  const asked = { connection: 'people', object: 'row', ids, limits: DEFAULT_LIMITS };
  const found = (count: number) => ({
    records: ids.slice(0, count).map((id) => ({ ...record, id })),
    tombstones: [],
    readAt: 0,
  });
  expect(believableAbsence(found(15), asked).tombstones).toHaveLength(15);
  expect(() => believableAbsence(found(14), asked)).toThrow('marked as gone');
  expect(believableAbsence(found(14), { ...asked, limits: false }).tombstones).toHaveLength(16);
  expect(believableAbsence(found(0), { ...asked, ids: ids.slice(0, 9) }).tombstones).toHaveLength(9);
});
