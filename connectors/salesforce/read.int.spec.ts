import type { ReadResult } from '../../src/sdk/index.js';
import connector from './index.js';
import { connect, orgs, type OrgContext } from './testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

async function read(ctx: OrgContext, ids: readonly string[]): Promise<ReadResult> {
  if (connector.read === undefined) throw new Error('the connector does not read');
  return connector.read(ctx, { object: 'contact', ids, properties: ['LastName'] });
}

describe('read', () => {
  it('reads many by id in few calls whose URLs Salesforce takes', async () => {
    const org = await open();
    const ids = org.control.load(
      'Contact',
      Array.from({ length: 2000 }, (_, index) => ({ LastName: `P${String(index)}` })),
    );
    const ctx = connect(org);
    expect((await read(ctx, ids)).records).toHaveLength(2000);
    const urls = ctx.calls.map(({ request }) => request.url).filter((url) => url.includes('queryAll'));
    expect(urls).toHaveLength(5);
    expect(Math.max(...urls.map((url) => url.length))).toBeLessThan(16_000);
  });

  it('gives tombstones for what is deleted or merged, and nothing for ids that never were', async () => {
    const org = await open();
    const [a = '', b = '', c = ''] = org.control.load('Contact', [
      { LastName: 'A' },
      { LastName: 'B' },
      { LastName: 'C' },
    ]);
    org.control.remove(a);
    org.control.merge(b, [c]);
    const result = await read(connect(org), [a, b, c, '003000000000000AAA', 'no id at all']);
    expect(result.records.map((record) => record.id)).toEqual([b]);
    expect(result.tombstones).toEqual([
      expect.objectContaining({ id: a }),
      expect.objectContaining({ id: c, mergedInto: b }),
    ]);
  });
});
