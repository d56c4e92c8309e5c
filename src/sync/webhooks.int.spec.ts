import { createHmac, randomBytes } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request, { type Response } from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { ApplyService } from '../connections/apply/apply.service.js';
import { openServer } from '../startup/application.js';

const PUBLIC_URL = 'https://hub.example.com/rapport';
const SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const CONFIG = `
connections:
  - name: hubspot
    connector: hubspot
    settings: { baseUrl: http://127.0.0.1:1 }
    credentials: { accessToken: pat-1 }
    webhooks: { clientSecret: ${SECRET} }
    sync: { customer: { direction: both } }
  - name: deaf
    connector: hubspot
    settings: { baseUrl: http://127.0.0.1:1 }
    credentials: { accessToken: pat-1 }
    sync: { customer: { direction: both } }
  - name: file
    connector: csv
    settings: { path: ./people.csv, idColumn: id, object: customer, columns: { mail: email } }
    sync: { customer: { direction: pull } }
`;

interface Call {
  readonly path?: string;
  readonly secret?: string;
  readonly at?: number;
  /** What was signed, when it is not what is sent. */
  readonly signed?: string;
}

describe('POST /webhooks/:connection', () => {
  let test: TestDatabase;
  let app: NestExpressApplication;

  beforeAll(async () => {
    test = await createTestDatabase();
    const environment = {
      DATABASE_URL: test.url,
      RAPPORT_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      RAPPORT_LOG_LEVEL: 'silent',
      PUBLIC_URL: `${PUBLIC_URL}/`,
    };
    app = await openServer({ environment, role: { work: false, schedule: false } });
    await app.listen(0, '127.0.0.1');
    const applied = await app
      .get(ApplyService)
      .apply(CONFIG, { path: 'rapport.yaml', env: {}, dryRun: false });
    if (!applied.ok) throw new Error(JSON.stringify(applied.problems));
  });
  afterAll(async () => {
    await app.close();
    await test.drop();
  });
  beforeEach(async () => {
    await test.database.prisma.inboxEvent.deleteMany();
    await test.database.prisma.$executeRaw`select graphile_worker.remove_job(key) from graphile_worker.jobs`;
  });

  const post = async (
    body: string,
    { path = '/webhooks/hubspot', secret = SECRET, at = Date.now(), signed = body }: Call = {},
  ): Promise<Response> => {
    const text = `POST${PUBLIC_URL}${path}${signed}${String(at)}`;
    return request(app.getHttpServer())
      .post(path)
      .set('content-type', 'application/json')
      .set('x-hubspot-signature-v3', createHmac('sha256', secret).update(text).digest('base64'))
      .set('x-hubspot-request-timestamp', String(at))
      .send(body);
  };
  const event = (eventId: number, objectId: number, occurredAt = 1_700_000_000_000): object => ({
    eventId,
    subscriptionId: 1,
    portalId: 2,
    appId: 3,
    occurredAt,
    subscriptionType: 'contact.propertyChange',
    attemptNumber: 0,
    objectId,
    propertyName: 'phone',
    propertyValue: '+49 30 1',
    changeSource: 'CRM_UI',
  });
  const stored = async (): Promise<string[]> => {
    const found = await test.database.prisma.inboxEvent.findMany({ orderBy: { id: 'asc' } });
    return found.map((row) => row.externalId);
  };
  const jobs = async (): Promise<string[]> => {
    const found = await test.database.prisma.$queryRaw<{ task: string }[]>`
      select task_identifier as task from graphile_worker.jobs`;
    return found.map((job) => job.task);
  };

  it('stores what it names and enqueues one fetch, without a value', async () => {
    const answer = await post(JSON.stringify([event(1, 501), event(2, 502)]));

    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(await stored()).toEqual(['501', '502']);
    expect(await jobs()).toEqual(['fetch']);
    const rows = await test.database.prisma.inboxEvent.findMany();
    expect(
      JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('+49');
  });

  it('verifies over the body as it came, byte by byte', async () => {
    const body = `[ ${JSON.stringify(event(3, 503))},\n\t{"subscriptionType":"contact.creation","objectId":504,"note":"J\\u00fcrgen 😀"} ]`;
    expect((await post(body)).status).toBe(204);
    expect(await stored()).toEqual(['503', '504']);
  });

  it('refuses a forged one and stores nothing', async () => {
    expect((await post(JSON.stringify([event(1, 501)]), { secret: 'guess' })).status).toBe(401);
    expect(
      (await post(JSON.stringify([event(1, 666)]), { signed: JSON.stringify([event(1, 501)]) })).status,
    ).toBe(401);
    const bare = await request(app.getHttpServer())
      .post('/webhooks/hubspot')
      .send([event(1, 501)]);
    expect(bare.status).toBe(401);
    expect(await stored()).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  it('refuses one that is replayed after its five minutes', async () => {
    const at = Date.now() - 301_000;
    expect((await post(JSON.stringify([event(1, 501)]), { at })).status).toBe(401);
    expect(await stored()).toEqual([]);
  });

  it('takes a redelivery of the same events as nothing new', async () => {
    const body = JSON.stringify([event(1, 501), event(2, 502)]);
    await post(body);
    await test.database.prisma.$executeRaw`select graphile_worker.remove_job(key) from graphile_worker.jobs`;

    const again = JSON.stringify([
      { ...event(2, 502), attemptNumber: 1 },
      { ...event(1, 501), attemptNumber: 1 },
    ]);
    expect((await post(again)).status).toBe(204);

    expect(await stored()).toEqual(['501', '502']);
    expect(await jobs()).toEqual([]);
  });

  it('takes events in any order, for they only say where to look', async () => {
    expect((await post(JSON.stringify([event(9, 501, 1_700_000_009_000)]))).status).toBe(204);
    expect((await post(JSON.stringify([event(8, 501, 1_700_000_000_000)]))).status).toBe(204);
    expect(await stored()).toEqual(['501', '501']);
    expect(await jobs()).toEqual(['fetch']);
  });

  it('refuses a body that is too large without reading it to its end', async () => {
    const answer = await post(JSON.stringify([{ ...event(1, 501), propertyValue: 'x'.repeat(1_100_000) }]));
    expect(answer.status).toBe(413);
    expect(await stored()).toEqual([]);
  });

  it('refuses what is signed but is no list of events', async () => {
    for (const body of ['', '{', '{"eventId":1}', 'null']) expect((await post(body)).status).toBe(400);
    expect(await stored()).toEqual([]);
  });

  it('passes over events it does not know', async () => {
    const body = JSON.stringify([
      { subscriptionType: 'ticket.creation', objectId: 7 },
      null,
      5,
      event(4, 505),
    ]);
    expect((await post(body)).status).toBe(204);
    expect(await stored()).toEqual(['505']);
  });

  it('tells nothing of connections that are not there, send no webhooks, or have no secret', async () => {
    const answers = await Promise.all(
      ['/webhooks/nobody', '/webhooks/hub', '/webhooks/file', '/webhooks/deaf', '/webhooks/%00'].map((path) =>
        post(JSON.stringify([event(1, 501)]), { path }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404]);
    const told = answers.map((answer) => JSON.stringify({ ...(answer.body as object), instance: undefined }));
    expect(new Set(told).size).toBe(1);
  });

  it('keeps events of a paused connection for later', async () => {
    await test.database.prisma.connection.update({ where: { name: 'hubspot' }, data: { state: 'paused' } });
    expect((await post(JSON.stringify([event(1, 501)]))).status).toBe(204);
    expect(await stored()).toEqual(['501']);
    await test.database.prisma.connection.update({ where: { name: 'hubspot' }, data: { state: 'active' } });
  });

  it('answers 5xx when it cannot store, so that the vendor sends it again', async () => {
    await test.database.prisma.$executeRaw`alter table inbox_event rename to inbox_event_away`;
    try {
      expect((await post(JSON.stringify([event(1, 501)]))).status).toBe(500);
    } finally {
      await test.database.prisma.$executeRaw`alter table inbox_event_away rename to inbox_event`;
    }
  });
});
