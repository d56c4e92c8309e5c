import { QUOTA } from './quota.js';

function read(info: string | undefined, status = 200, body: unknown = {}) {
  return QUOTA.read({
    url: 'https://example.my.salesforce.com/services/data/v62.0/query',
    status,
    headers: info === undefined ? {} : { 'sforce-limit-info': info },
    body: Buffer.from(JSON.stringify(body)),
  });
}

describe('calls in 24 hours', () => {
  it('are told by the header of an answer, whatever else stands in it', () => {
    const day = { used: 10_018, limit: 100_000 };
    expect(read('api-usage=10018/100000')).toMatchObject({ day });
    expect(read('api-usage=10018/100000; api-bursts=1/750')).toMatchObject({ day });
    expect(read('per-app-api-usage=17/250(appName=other); api-usage=10018/100000')).toMatchObject({ day });
    expect(read('per-app-api-usage=17/250(appName=other)')).toBeUndefined();
    expect(read(undefined)).toBeUndefined();
  });

  it('are used up when the org refuses for that, and not when it refuses calls at the same time', () => {
    const refusal = (message: string) => [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message }];
    expect(read('api-usage=5000/5000', 403, refusal('TotalRequests Limit exceeded.'))).toEqual({
      day: { used: 5000, limit: 5000 },
      exhausted: true,
    });
    expect(read(undefined, 403, refusal('ConcurrentPerOrgLongTxn Limit exceeded.'))).toBeUndefined();
    expect(read(undefined, 403, [{ errorCode: 'INSUFFICIENT_ACCESS' }])).toBeUndefined();
  });
});
