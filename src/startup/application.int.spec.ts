import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import supertest from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { HUB_CONNECTION } from '../connections/directory.js';
import { openServer } from './application.js';

describe('the application', () => {
  let test: TestDatabase;
  let app: NestExpressApplication;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    test = await createTestDatabase();
    environment = {
      DATABASE_URL: test.url,
      RAPPORT_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      RAPPORT_LOG_LEVEL: 'silent',
    };
    app = await openServer({ environment, role: { work: true, schedule: true } });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
    await test.drop();
  });

  it('has the built-in connection from the first start', async () => {
    const found = await test.database.prisma.connection.findMany();
    expect(found).toMatchObject([
      { name: HUB_CONNECTION, connector: HUB_CONNECTION, position: -1, state: 'active' },
    ]);
  });

  it('lives, and is ready while the database has its schema', async () => {
    const server = app.getHttpServer();
    await supertest(server).get('/health/live').expect(200, { status: 'ok' });
    await supertest(server).get('/health/ready').expect(200);

    await test.database.prisma.$executeRaw`update _prisma_migrations set rolled_back_at = now()`;
    const answer = await supertest(server).get('/health/ready').expect(503);
    expect(JSON.stringify(answer.body)).toContain('another release');
    await test.database.prisma.$executeRaw`update _prisma_migrations set rolled_back_at = null`;
    await supertest(server).get('/health/ready').expect(200);
  });

  it('tells its metrics', async () => {
    const answer = await supertest(app.getHttpServer()).get('/metrics').expect(200);
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.text).toContain('rapport_connections{state="active"} 1');
    expect(answer.text).toContain('rapport_process_cpu_seconds_total');
  });

  it('ends although somebody never stops asking on a connection that stays open', async () => {
    const ending = await openServer({ environment, role: { work: false, schedule: false } });
    await ending.listen(0, '127.0.0.1');
    const url = `${await ending.getUrl()}/health/live`;
    const server: Server = ending.getHttpServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (body: Promise<string>): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const asked = request(url, { agent, method: 'POST', headers: { 'Content-Length': 2 } }, (answer) =>
          answer.resume().on('end', resolve),
        );
        asked.on('error', reject).flushHeaders();
        void body.then((text) => asked.end(text));
      });
    const underWay = Promise.withResolvers<string>();
    const received = once(server, 'request');
    const first = ask(underWay.promise);
    await received;
    const closed = ending.close();
    while (server.listening) await new Promise(setImmediate);
    underWay.resolve('{}');
    await first;
    const asking = (async () => {
      for (;;) await ask(Promise.resolve('{}'));
    })();
    await expect(asking).rejects.toThrow();
    await closed;
    agent.destroy();
  });

  it('sets the headers that keep browsers safe', async () => {
    const answer = await supertest(app.getHttpServer()).get('/health/live');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['x-powered-by']).toBeUndefined();
  });
});
