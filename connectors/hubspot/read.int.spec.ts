import type { ReadResult } from '../../src/sdk/index.js';
import hubspot from './index.js';
import { createBench, mappedProperties, pullAll, type Bench } from './testing.js';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.sandbox.close());

async function read(ids: readonly string[], versions: ReadonlyMap<string, string>): Promise<ReadResult> {
  if (hubspot.read === undefined) throw new Error('the connector does not read');
  return hubspot.read(bench.ctx, {
    object: 'contact',
    ids,
    properties: mappedProperties('contact'),
    versions,
  });
}

const batchReads = (): number =>
  bench.sandbox.control.calls().filter(({ path }) => path.endsWith('/contacts/batch/read')).length;

it('reads the history only of records that are no longer in the version that the hub holds', async () => {
  const ids = bench.sandbox.control.seed(
    'contacts',
    Array.from({ length: 100 }, (_, index) => ({
      properties: { email: `p${String(index)}@example.com`, lastname: 'Doe' },
      createdAt: Date.now() - 60_000,
      updatedAt: Date.now() - 60_000,
    })),
  );
  const { records } = await pullAll(bench, 'contact');
  const versions = new Map([...records].map(([id, { version = '' }]) => [id, version]));
  const before = batchReads();
  const same = await read(ids, versions);
  expect(batchReads() - before).toBe(1);
  expect(same.records.map(({ values }) => values['lastname'])).toEqual(ids.map(() => 'Doe'));

  const [edited = ''] = ids;
  bench.sandbox.control.edit('contacts', edited, { lastname: 'Roe' });
  const { records: now } = await read(ids, versions);
  expect(batchReads() - before).toBe(3);
  expect(now.filter(({ times }) => times?.['lastname'] !== undefined).map(({ id }) => id)).toEqual([edited]);
  expect(now.find(({ id }) => id === edited)?.values['lastname']).toBe('Roe');
});
