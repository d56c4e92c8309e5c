import { settingsSchema } from '../config.js';
import connector from '../index.js';
import type { Sandbox } from '../sandbox/index.js';
import { connect, orgs } from '../testing.js';

const { open: openOrg, closeAll } = orgs();
afterAll(closeAll);

describe('the check of change events', () => {
  const checked = async (org: Sandbox, settings = {}): Promise<unknown> => {
    const items = await connector.check(connect(org, { settings }));
    return items.find(({ name }) => name === 'change-events');
  };

  it('names the objects that change data capture is not switched on for', async () => {
    const org = await openOrg({ rules: { changeEvents: ['Account'] } });
    expect(await checked(org)).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('Contact') as string,
      remedy: expect.stringContaining('Change Data Capture') as string,
    });
  });

  it('warns when the user may not listen, and tells no more than it can see', async () => {
    const org = await openOrg();
    org.control.refuseStreaming({ channel: '/meta/handshake', error: '403::Handshake denied' });
    expect(await checked(org)).toMatchObject({ status: 'warning' });
    org.control.fault({ kind: 'error', status: 400, code: 'INVALID_TYPE', path: '/tooling/' });
    expect(await checked(org)).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('View Setup') as string,
    });
  });

  it('is left out where they are not wanted', async () => {
    expect(await checked(await openOrg(), { changeEvents: false })).toBeUndefined();
    expect(connector.stream?.wanted(settingsSchema.parse({ changeEvents: false }))).toBe(false);
    expect(connector.stream?.wanted(settingsSchema.parse({}))).toBe(true);
  });
});
