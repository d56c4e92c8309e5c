import { erase } from './erase.js';
import { createBench, type Bench } from './testing.js';

describe('erasing people in HubSpot', () => {
  let bench: Bench;
  let ids: readonly string[];
  beforeEach(async () => {
    bench = await createBench();
    ids = bench.sandbox.control.seed('contacts', [
      { properties: { email: 'ada@example.com' } },
      { properties: { email: 'bob@example.com' } },
    ]);
  });
  afterEach(() => bench.sandbox.close());
  const operations = (): { key: string; id: string }[] => ids.map((id, n) => ({ key: String(n), id }));

  it('leaves nothing of them, and says so when it is asked again', async () => {
    const request = { object: 'contact', operations: operations() };
    const first = await erase(bench.ctx, request);
    expect(first.map((outcome) => outcome.status)).toEqual(['erased', 'erased']);
    expect(bench.sandbox.control.records('contacts')).toEqual([]);
    const second = await erase(bench.ctx, request);
    expect(second.map((outcome) => outcome.status)).toEqual(['gone', 'gone']);
  });

  it('asks again by itself when the answer is lost, and tells what is refused', async () => {
    bench.sandbox.control.fault({ kind: 'lost-answer', path: 'gdpr-delete', times: 1 });
    const [first = { key: '0', id: '' }] = operations();
    const lost = await erase(bench.ctx, { object: 'contact', operations: [first] });
    expect(lost).toEqual([{ key: '0', status: 'gone' }]);
    bench.sandbox.control.fault({ kind: 'status', status: 400, path: 'gdpr-delete', times: 1 });
    const refused = await erase(bench.ctx, { object: 'contact', operations: [first] });
    expect(refused).toMatchObject([{ key: '0', status: 'rejected' }]);
  });

  it('throws when nothing can be said of any', async () => {
    bench.sandbox.control.revokeTokens();
    await expect(erase(bench.ctx, { object: 'contact', operations: operations() })).rejects.toMatchObject({
      kind: 'credentials',
    });
  });
});
