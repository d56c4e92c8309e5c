import { openClient } from '../client.js';
import type { Sandbox } from '../sandbox/index.js';
import { connect, orgs } from '../testing.js';
import { erase } from './erase.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const load = (org: Sandbox): string => org.control.load('Contact', [{ LastName: 'Byron' }])[0] ?? '';

describe('erasing people in Salesforce', () => {
  it('takes the record out of the recycle bin as well', async () => {
    const org = await open();
    const id = load(org);
    const request = { object: 'contact', operations: [{ key: 'a', id }] };
    expect(await erase(connect(org), request)).toEqual([{ key: 'a', status: 'erased' }]);
    expect(org.control.record(id)).toBeUndefined();
    expect(await erase(connect(org), request)).toEqual([{ key: 'a', status: 'gone' }]);
  });

  it('empties the bin of what somebody deleted before', async () => {
    const org = await open();
    const id = load(org);
    org.control.remove(id);
    const outcomes = await erase(connect(org), { object: 'contact', operations: [{ key: 'a', id }] });
    expect(outcomes).toEqual([{ key: 'a', status: 'erased' }]);
    expect(org.control.record(id)).toBeUndefined();
  });

  it('says that the record stays in the bin where the user may not empty it', async () => {
    const org = await open({ rules: { mayEmptyBin: false } });
    const id = load(org);
    const outcomes = await erase(connect(org), { object: 'contact', operations: [{ key: 'a', id }] });
    expect(outcomes).toMatchObject([
      { status: 'archived', note: expect.stringContaining('fifteen days') as string },
    ]);
    expect(org.control.record(id)).toMatchObject({ IsDeleted: true });
  });

  it('knows an id that can be none, and renews a session that ran out', async () => {
    const org = await open();
    const ctx = connect(org);
    const id = load(org);
    expect(await erase(ctx, { object: 'contact', operations: [{ key: 'x', id: 'nonsense' }] })).toEqual([
      { key: 'x', status: 'gone' },
    ]);
    org.control.expireSessions();
    expect(await erase(ctx, { object: 'contact', operations: [{ key: 'a', id }] })).toEqual([
      { key: 'a', status: 'erased' },
    ]);
  });

  it('renews a session that SOAP refuses, and tells its other refusals by their codes', async () => {
    const org = await open();
    const id = load(org);
    org.control.remove(id);
    const client = await openClient(connect(org));
    org.control.expireSessions();
    await expect(client.emptyRecycleBin([id])).resolves.toEqual([{ success: true, code: '' }]);
    const tooMany = Array.from({ length: 201 }, () => id);
    await expect(client.emptyRecycleBin(tooMany)).rejects.toMatchObject({ code: 'EXCEEDED_ID_LIMIT' });
  });
});
