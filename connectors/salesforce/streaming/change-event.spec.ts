import { heard, isOwn } from './change-event.js';

const ID = '003D000000IqhSLIAZ';
const PROPERTIES = ['FirstName', 'LastName', 'MailingCity', 'MailingStreet', 'email', 'AccountId'];

function told(header: Record<string, unknown>): ReturnType<typeof heard> {
  const ChangeEventHeader = {
    entityName: 'Contact',
    recordIds: [ID],
    changeType: 'UPDATE',
    changeOrigin: '',
    changedFields: [],
    commitTimestamp: 1_700_000_000_123,
    ...header,
  };
  const data = { schema: 'x', payload: { ChangeEventHeader }, event: { replayId: 7 } };
  return heard(data, { object: 'contact', properties: PROPERTIES });
}

describe('a change event', () => {
  it('names the properties asked for that changed, parts of compound fields by their own names', () => {
    const changedFields = ['LastModifiedDate', 'Name.FirstName', 'MailingAddress.City', 'Email', 'Fax'];
    expect(told({ changedFields })?.events).toEqual([
      {
        object: 'contact',
        id: ID,
        dedupeKey: `contact:7:${ID}`,
        kind: 'changed',
        own: false,
        occurredAt: '2023-11-14T22:13:20.123Z',
        changed: ['FirstName', 'MailingCity', 'email'],
      },
    ]);
  });

  it('of several records becomes one for each', () => {
    const recordIds = [ID, '003D000000IqhSMIAZ'];
    expect(told({ recordIds })?.events.map((event) => event.id)).toEqual(recordIds);
  });

  it.each([
    ['CREATE', 'created'],
    ['DELETE', 'deleted'],
    ['UNDELETE', 'changed'],
    ['GAP_CREATE', 'created'],
    ['GAP_UPDATE', 'changed'],
    ['GAP_DELETE', 'deleted'],
    ['GAP_UNDELETE', 'changed'],
  ])('%s does not say which properties changed', (changeType, kind) => {
    const [event] = told({ changeType })?.events ?? [];
    expect(event).toMatchObject({ kind, id: ID });
    expect(event).not.toHaveProperty('changed');
  });

  it.each([
    ['an overflow', { changeType: 'GAP_OVERFLOW', recordIds: ['000000000000000AAA'] }],
    ['a change of all records', { recordIds: ['003*'] }],
    ['a kind yet unknown', { changeType: 'SHUFFLE' }],
    ['no record', { recordIds: [] }],
  ])('about %s says that something is not told', (_what, header) => {
    expect(told(header)).toEqual({ replayId: 7, events: [], overflow: true });
  });

  it('is ours only when its origin names us as the client', () => {
    expect(isOwn('com/salesforce/api/rest/62.0;client=Rapport')).toBe(true);
    for (const other of ['', 'com/salesforce/api/rest/62.0', 'com/salesforce/api/soap/62.0;client=RapportX'])
      expect(isOwn(other)).toBe(false);
  });

  it('that has another shape is none', () => {
    expect(
      heard({ payload: { Message__c: 'hello' } }, { object: 'contact', properties: [] }),
    ).toBeUndefined();
  });
});
