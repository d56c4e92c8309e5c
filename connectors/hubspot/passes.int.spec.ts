import { COMPANY_LINK } from './objects.js';
import hubspot from './index.js';
import { cursorSchema, type Cursor } from './cursor.js';
import { createBench, mappedProperties, pullAll, type Bench } from './testing.js';

let bench: Bench;

afterEach(() => bench.sandbox.close());

/** As the hub reads: it stops after a page, at any, and goes on from its cursor later. */
async function pullInSlices(from: Cursor): Promise<{ slices: number; found: ReadonlySet<string> }> {
  const properties = mappedProperties('contact');
  const found = new Set<string>();
  let cursor = from;
  for (let slices = 1; ; slices += 1) {
    let pages = 0;
    let isOver = true;
    for await (const page of hubspot.pull(bench.ctx, { object: 'contact', properties, cursor })) {
      cursor = cursorSchema.parse(JSON.parse(JSON.stringify(page.cursor)));
      for (const { id, values } of page.records) if (values[COMPANY_LINK] === null) found.add(id);
      for (const { id } of page.tombstones) found.add(id);
      pages += 1;
      // The search's page, and one more, unless it is the last.
      isOver = cursor.phase === 'full' || cursor.left === null;
      if (pages === 2 && !isOver) break;
    }
    if (isOver) return { slices, found };
    if (slices > 50) throw new Error('the read never ends');
  }
}

const calls = (path: string, since: number): number =>
  bench.ctx.calls.slice(since).filter(({ request }) => request.url.includes(path)).length;

describe('passes over many records, a bounded number of calls at each read', () => {
  async function portal(settings: { archiveCalls: number; associationCalls: number }): Promise<{
    readonly ids: readonly string[];
    readonly cursor: Cursor;
  }> {
    bench = await createBench({ settings });
    const { control } = bench.sandbox;
    const [acme = ''] = control.seed('companies', [{ properties: { name: 'Acme' } }]);
    const ids = control.seed(
      'contacts',
      Array.from({ length: 3_500 }, (_, index) => ({
        properties: { firstname: `P${String(index)}` },
        createdAt: 1,
        companyId: acme,
      })),
    );
    const { cursor } = await pullAll(bench, 'contact');
    for (const id of ids.filter((_id, index) => index % 500 === 499)) control.dissociate(id, acme);
    return { ids, cursor };
  }

  it('miss no association that was taken away, however many reads it takes', async () => {
    const { ids, cursor } = await portal({ archiveCalls: 1, associationCalls: 1 });
    const found = new Set<string>();
    let at = cursor;
    for (let read = 1; read <= 4; read += 1) {
      const before = bench.ctx.calls.length;
      const pulled = await pullAll(bench, 'contact', at);
      expect(calls('/associations/', before)).toBe(1);
      for (const [id, { values }] of pulled.records) if (values[COMPANY_LINK] === null) found.add(id);
      at = pulled.cursor;
    }
    expect([...found].sort()).toEqual(ids.filter((_id, index) => index % 500 === 499).sort());
    expect(at).toMatchObject({ sweptTo: null, left: null });
  });

  it('go on where they were when a read is stopped and resumed, and end', async () => {
    const { ids, cursor } = await portal({ archiveCalls: 3, associationCalls: 2 });
    const archived = ids.slice(0, 400).filter((_id, index) => index % 500 !== 499);
    for (const id of archived) bench.sandbox.control.archive('contacts', id);
    const before = bench.ctx.calls.length;
    const { slices, found } = await pullInSlices(cursor);
    expect(slices).toBeLessThan(10);
    expect(calls('archived=true', before)).toBe(3);
    expect(calls('/associations/', before)).toBe(2);
    expect(archived.filter((id) => !found.has(id))).toEqual([]);
  });
});
