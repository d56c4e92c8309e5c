import { orgs } from '../testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

describe('the sandbox control over HTTP', () => {
  it('edits as a person would', async () => {
    const org = await open();
    const call = async (command: string, ...args: readonly unknown[]): Promise<unknown> => {
      const response = await fetch(`${org.url}/__control/${command}`, {
        method: 'POST',
        body: JSON.stringify(args),
      });
      return response.json();
    };
    const id = await call('create', 'Contact', { LastName: 'Doe' });
    await call('edit', id, { Title: 'CEO' });
    expect(await call('record', id)).toMatchObject({ LastName: 'Doe', Title: 'CEO' });
    expect(await call('edit', id, { Email: 'no address' })).toMatchObject([
      { errorCode: 'INVALID_EMAIL_ADDRESS' },
    ]);
    expect(await call('dance')).toMatchObject({ error: 'no command dance' });
  });
});
