import { QUOTA } from './quota.js';

const LIST = 'https://api.hubapi.com/crm/v3/objects/contacts';
const DETAILS = 'https://api.hubapi.com/account-info/v3/details';

function read(given: { url?: string; status?: number; headers?: Record<string, string>; body?: unknown }) {
  const body = Buffer.from(JSON.stringify(given.body ?? {}));
  return QUOTA.read({ url: LIST, status: 200, headers: {}, ...given, body });
}

describe('calls a day', () => {
  it('are told by the headers of an answer', () => {
    const headers = {
      'x-hubspot-ratelimit-daily': '650000',
      'x-hubspot-ratelimit-daily-remaining': '649000',
    };
    expect(read({ headers })).toMatchObject({ day: { limit: 650_000, used: 1000 }, exhausted: false });
  });

  it('are not told by a search, nor to an app installed by OAuth', () => {
    expect(read({})).toBeUndefined();
    expect(
      read({ headers: { 'x-hubspot-ratelimit-max': '110', 'x-hubspot-ratelimit-remaining': '100' } }),
    ).toBeUndefined();
    expect(
      read({ headers: { 'x-hubspot-ratelimit-daily': 'many', 'x-hubspot-ratelimit-daily-remaining': '' } }),
    ).toBeUndefined();
  });

  it('are used up when a refusal names that policy, and not when it names another', () => {
    expect(read({ status: 429, body: { policyName: 'DAILY' } })).toEqual({ exhausted: true });
    expect(read({ status: 429, body: { policyName: 'TEN_SECONDLY_ROLLING' } })).toBeUndefined();
  });

  it('begin anew at midnight of the time zone that the details of the account name', () => {
    expect(read({ url: DETAILS, body: { portalId: 1, timeZone: 'Europe/Berlin' } })).toMatchObject({
      timeZone: 'Europe/Berlin',
    });
    expect(read({ body: { timeZone: 'Europe/Berlin' } })).toBeUndefined();
    expect(read({ url: DETAILS, status: 403, body: { timeZone: 'Europe/Berlin' } })).toBeUndefined();
  });
});
