import { Signature } from '@hubspot/api-client';
import type { WebhookRequest, WebhookVerdict } from '../../src/sdk/index.js';
import { decodeUri, MAX_AGE_MS, sign } from './signature.js';
import { webhook } from './webhook.js';

const secrets = { clientSecret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy' };
const url = 'https://hub.example.com/webhooks/hubspot?x=%3Aa%20b';
const now = 1_800_000_000_000;

function signed(body: unknown, more: { readonly at?: number; readonly url?: string } = {}): WebhookRequest {
  const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const timestamp = String(more.at ?? now);
  const address = more.url ?? url;
  const signature = sign({ method: 'POST', url: address, rawBody }, { ...secrets, timestamp });
  return {
    method: 'POST',
    url: address,
    rawBody,
    receivedAt: now,
    headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp },
  };
}

function events(verdict: WebhookVerdict): readonly (readonly [string, string, string])[] {
  if (!verdict.accepted) throw new Error(verdict.message);
  return verdict.events.map(({ object, id, kind }) => [object, id, kind] as const);
}

const base = {
  eventId: 1,
  subscriptionId: 12345,
  portalId: 62515,
  occurredAt: 1_564_113_600_000,
  appId: 54321,
};

describe('the signature of a webhook', () => {
  it("is the one HubSpot's own client makes", () => {
    const requestBody = '[{"eventId":1,"name":"Zoë"}]';
    const options = {
      clientSecret: secrets.clientSecret,
      requestBody,
      url: 'https://a.example/w',
      timestamp: 1_700_000_000_000,
    };
    const mine = sign(
      { method: 'POST', url: options.url, rawBody: Buffer.from(requestBody) },
      { ...secrets, timestamp: String(options.timestamp) },
    );
    expect(mine).toBe(Signature.getSignature('POST', 'v3', { ...options, signature: '' }));
  });

  it('is made over the URI with the documented codes decoded, and only those', () => {
    expect(decodeUri('https://h/w?a=%3a%2F%3F%40%21%24%27%28%29%2A%2C%3B%20%26%C3%A9')).toBe(
      "https://h/w?a=:/?@!$'()*,;%20%26%C3%A9",
    );
  });

  it('lets a fresh request of HubSpot in', () => {
    expect(webhook(signed([]), secrets)).toEqual({ accepted: true, events: [], ignored: 0 });
  });

  it.each([
    ['another secret', (request: WebhookRequest) => webhook(request, { clientSecret: 'other' })],
    [
      'another body',
      (request: WebhookRequest) => webhook({ ...request, rawBody: Buffer.from('[{}]') }, secrets),
    ],
    ['another address', (request: WebhookRequest) => webhook({ ...request, url: `${url}&y=1` }, secrets)],
    ['another method', (request: WebhookRequest) => webhook({ ...request, method: 'PUT' }, secrets)],
    [
      'another time',
      (request: WebhookRequest) =>
        webhook(
          { ...request, headers: { ...request.headers, 'x-hubspot-request-timestamp': String(now + 1) } },
          secrets,
        ),
    ],
    ['no signature', (request: WebhookRequest) => webhook({ ...request, headers: {} }, secrets)],
    [
      'only one of version 1',
      (request: WebhookRequest) =>
        webhook(
          { ...request, headers: { 'x-hubspot-signature': 'ab', 'x-hubspot-signature-version': 'v1' } },
          secrets,
        ),
    ],
    ['no secret configured', (request: WebhookRequest) => webhook(request, undefined)],
  ])('refuses %s', (_what, received) => {
    expect(received(signed([]))).toMatchObject({ accepted: false, reason: 'signature' });
  });

  it.each([now - MAX_AGE_MS - 1, now + MAX_AGE_MS + 1])(
    'refuses what was signed too far away in time',
    (at) => {
      expect(webhook(signed([], { at }), secrets)).toMatchObject({ accepted: false, reason: 'stale' });
    },
  );

  it.each(['', '{', '{"eventId":1}', 'null', '5'])('calls %j malformed, though it is signed', (body) => {
    expect(webhook(signed(body), secrets)).toMatchObject({ accepted: false, reason: 'malformed' });
  });
});

describe('the events of a webhook', () => {
  it('say where to look', () => {
    const verdict = webhook(
      signed([
        { ...base, subscriptionType: 'contact.creation', objectId: 51_000_000_001 },
        {
          ...base,
          subscriptionType: 'contact.propertyChange',
          objectId: 2,
          propertyName: 'phone',
          propertyValue: '1',
        },
        { ...base, subscriptionType: 'company.deletion', objectId: 3 },
        { ...base, subscriptionType: 'contact.privacyDeletion', objectId: 4 },
        { ...base, subscriptionType: 'object.restore', objectTypeId: '0-2', objectId: 5 },
      ]),
      secrets,
    );
    expect(events(verdict)).toEqual([
      ['contact', '51000000001', 'changed'],
      ['contact', '2', 'changed'],
      ['company', '3', 'deleted'],
      ['contact', '4', 'erased'],
      ['company', '5', 'changed'],
    ]);
    expect(verdict.accepted && verdict.events[0]?.occurredAt).toBe('2019-07-26T04:00:00.000Z');
  });

  it('of a merge name every record it touched', () => {
    const merge = {
      ...base,
      subscriptionType: 'contact.merge',
      objectId: 9,
      primaryObjectId: 1,
      mergedObjectIds: [2, 3],
      newObjectId: 9,
    };
    expect(events(webhook(signed([merge]), secrets))).toEqual([
      ['contact', '1', 'merged'],
      ['contact', '2', 'merged'],
      ['contact', '3', 'merged'],
      ['contact', '9', 'changed'],
    ]);
    const older = {
      ...base,
      subscriptionType: 'contact.merge',
      objectId: 1,
      primaryObjectId: 1,
      mergedObjectIds: [2],
    };
    expect(events(webhook(signed([older]), secrets))).toEqual([
      ['contact', '2', 'merged'],
      ['contact', '1', 'changed'],
    ]);
  });

  it('of a changed association name the record that holds the link, whichever end it is', () => {
    const ends = { fromObjectId: 1, toObjectId: 2, associationRemoved: false };
    expect(
      events(
        webhook(
          signed([
            {
              ...base,
              ...ends,
              subscriptionType: 'contact.associationChange',
              associationType: 'CONTACT_TO_COMPANY',
            },
            {
              ...base,
              ...ends,
              subscriptionType: 'company.associationChange',
              associationType: 'COMPANY_TO_CONTACT',
            },
            {
              ...base,
              ...ends,
              subscriptionType: 'object.associationChange',
              fromObjectTypeId: '0-1',
              toObjectTypeId: '0-2',
            },
            {
              ...base,
              ...ends,
              subscriptionType: 'contact.associationChange',
              associationType: 'CONTACT_TO_DEAL',
            },
            {
              ...base,
              ...ends,
              subscriptionType: 'contact.associationChange',
              associationType: 'CONTACT_TO_TICKET',
            },
          ]),
          secrets,
        ),
      ),
    ).toEqual([
      ['contact', '1', 'changed'],
      ['contact', '2', 'changed'],
      ['contact', '1', 'changed'],
      ['deal', '2', 'changed'],
    ]);
  });

  it('have the same key when delivered again, and another one each', () => {
    const one = { ...base, subscriptionType: 'contact.propertyChange', objectId: 2, propertyName: 'phone' };
    const verdict = webhook(
      signed([one, { ...one, attemptNumber: 3 }, { ...one, propertyName: 'city' }]),
      secrets,
    );
    const keys = verdict.accepted ? verdict.events.map((event) => event.dedupeKey) : [];
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(2);
  });

  it('that are not understood are counted', () => {
    const odd = [
      null,
      5,
      {},
      { ...base, subscriptionType: 'ticket.creation', objectId: 1 },
      { ...base, subscriptionType: 'contact.creation' },
      { ...base, subscriptionType: 'contact.creation', objectId: 'x y' },
      { ...base, subscriptionType: 'contact.somethingNew', objectId: 1 },
      { ...base, subscriptionType: 'contact.creation', objectId: 1 },
    ];
    expect(webhook(signed(odd), secrets)).toMatchObject({
      accepted: true,
      ignored: 7,
      events: [{ id: '1' }],
    });
  });
});
