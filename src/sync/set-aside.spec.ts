import fc from 'fast-check';
import type { SourceRecord } from '../sdk/index.js';
import type { Batch } from './ingest.js';
import { storeInParts } from './set-aside.js';

const record = (id: number): SourceRecord => ({
  id: String(id),
  values: {},
  modifiedAt: '2026-01-01T00:00:00Z',
});

async function run(count: number, bad: ReadonlySet<string>): Promise<{ stored: string[]; aside: string[] }> {
  const result = { stored: [] as string[], aside: [] as string[] };
  const batch: Batch = {
    records: Array.from({ length: count }, (_, id) => record(id)),
    tombstones: [],
    readAt: 1,
  };
  await storeInParts(batch, {
    store: (part) => {
      if (part.records.some(({ id }) => bad.has(id))) return Promise.reject(new Error('poison'));
      result.stored.push(...part.records.map(({ id }) => id));
      return Promise.resolve();
    },
    setAside: ({ id }) => {
      result.aside.push(id);
      return Promise.resolve();
    },
  });
  return result;
}

describe('a batch that cannot be stored as a whole', () => {
  it('is stored but for the records that break it, which are set aside', async () => {
    const cases = fc.record({
      count: fc.integer({ min: 1, max: 300 }),
      bad: fc.array(fc.integer({ min: 0, max: 299 }), { maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ count, bad }) => {
        const poison = new Set(bad.filter((id) => id < count).map(String));
        const { stored, aside } = await run(count, poison);
        expect(new Set(aside)).toEqual(poison);
        expect(stored).toHaveLength(count - poison.size);
        expect(new Set([...stored, ...aside]).size).toBe(count);
      }),
    );
  });

  it('is left alone when nothing of it can be stored: the fault is elsewhere', async () => {
    const all = new Set(Array.from({ length: 100 }, (_, id) => String(id)));
    await expect(run(100, all)).rejects.toThrow('poison');
  });

  it('is left alone when the database goes away in the middle: no record is to blame', async () => {
    const aside: string[] = [];
    let calls = 0;
    const batch: Batch = { records: [record(1), record(2), record(3), record(4)], tombstones: [], readAt: 1 };
    const storing = storeInParts(batch, {
      store: () => {
        calls += 1;
        if (calls === 2) return Promise.reject(new Error('poison'));
        if (calls === 4) return Promise.reject(Object.assign(new Error('away'), { code: '57P01' }));
        return Promise.resolve();
      },
      setAside: ({ id }) => {
        aside.push(id);
        return Promise.resolve();
      },
    });
    await expect(storing).rejects.toThrow('away');
    expect(aside).toEqual([]);
  });
});
