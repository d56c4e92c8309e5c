import { randomBytes } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { HUB_CONNECTION } from '../connections/directory.js';
import { openServer } from './application.js';

describe('the application', () => {
  let test: TestDatabase;
  let app: NestExpressApplication;

  beforeAll(async () => {
    test = await createTestDatabase();
    const environment = {
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
    await request(server).get('/health/live').expect(200, { status: 'ok' });
    await request(server).get('/health/ready').expect(200);

    await test.database.prisma.$executeRaw`update _prisma_migrations set rolled_back_at = now()`;
    const answer = await request(server).get('/health/ready').expect(503);
    expect(JSON.stringify(answer.body)).toContain('another release');
    await test.database.prisma.$executeRaw`update _prisma_migrations set rolled_back_at = null`;
    await request(server).get('/health/ready').expect(200);
  });

  it('tells its metrics', async () => {
    const answer = await request(app.getHttpServer()).get('/metrics').expect(200);
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.text).toContain('rapport_connections{state="active"} 1');
    expect(answer.text).toContain('rapport_process_cpu_seconds_total');
  });

  it('sets the headers that keep browsers safe', async () => {
    const answer = await request(app.getHttpServer()).get('/health/live');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['x-powered-by']).toBeUndefined();
  });
});
