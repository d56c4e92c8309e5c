import { Controller, Get, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { Database } from '../platform/database/index.js';
import { Access } from './access-rule.js';
import { AccessModule } from './access.module.js';
import { ApiKeysService } from './api-keys.service.js';

@Controller('forgotten')
class ForgottenController {
  @Get()
  read(): string {
    return 'secret';
  }
}

@Controller('open')
@Access('admin')
class OpenController {
  @Get()
  @Access('public')
  read(): string {
    return 'open';
  }

  @Get('closed')
  closed(): string {
    return 'for admins';
  }
}

@Controller('metrics')
class MetricsController {
  @Get()
  read(): string {
    return 'metrics';
  }
}

describe('access', () => {
  let test: TestDatabase;
  let app: NestExpressApplication;
  let keys: ApiKeysService;

  beforeAll(async () => {
    test = await createTestDatabase();
    @Module({ providers: [{ provide: Database, useValue: test.database }], exports: [Database] })
    class CoreModule {}
    const built = await Test.createTestingModule({
      imports: [{ module: CoreModule, global: true }, AccessModule],
      controllers: [ForgottenController, OpenController, MetricsController],
    }).compile();
    app = built.createNestApplication<NestExpressApplication>({ logger: false });
    await app.listen(0, '127.0.0.1');
    keys = app.get(ApiKeysService);
  });

  afterAll(async () => {
    await app.close();
    await test.drop();
  });

  const get = (path: string, key?: string) => {
    const made = request(app.getHttpServer()).get(path);
    return key === undefined ? made : made.set('Authorization', `Bearer ${key}`);
  };

  it('gives the first key once, however many processes start together', async () => {
    const given = await Promise.all([1, 2, 3].map(() => keys.ensureFirstKey()));
    expect(given.filter((key) => key !== null)).toEqual([expect.stringMatching(/^rap_[\w-]{43}$/)]);
    await expect(keys.ensureFirstKey()).resolves.toBeNull();
  });

  it('stores no key in a form that could be used', async () => {
    const { key } = await keys.create({ name: 'secret', scope: 'admin' });
    const stored = JSON.stringify(await test.database.prisma.apiKey.findMany());
    expect(stored).not.toContain(key);
    expect(stored).not.toContain(key.slice('rap_'.length));
  });

  it('closes a route that declares no rule, to admins too', async () => {
    const { key } = await keys.create({ name: 'admin', scope: 'admin' });
    const answer = await get('/forgotten', key);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain('secret');
  });

  it('takes the rule of the route before that of its controller', async () => {
    await get('/open').expect(200);
    expect((await get('/open/closed')).text).not.toContain('for admins');
    const { key } = await keys.create({ name: 'another admin', scope: 'admin' });
    await get('/open/closed', key).expect(200);
  });

  it('shows metrics to this machine and to readers, not to whom a proxy speaks for', async () => {
    await get('/metrics').expect(200);
    expect((await get('/metrics').set('X-Forwarded-For', '203.0.113.9')).text).not.toContain('metrics"');
    expect((await get('/metrics').set('X-Forwarded-For', '203.0.113.9')).status).not.toBe(200);
    const { key } = await keys.create({ name: 'prometheus', scope: 'read' });
    await get('/metrics', key).set('X-Forwarded-For', '203.0.113.9').expect(200);
  });

  it('notes the use of a key once a minute at most', async () => {
    const { id, key } = await keys.create({ name: 'busy', scope: 'read' });
    const used = async (): Promise<Date | null | undefined> =>
      (await keys.list()).find((one) => one.id === id)?.lastUsedAt;
    await keys.verify(key);
    const first = await used();
    await keys.verify(key);
    expect(await used()).toEqual(first);
    await test.database.prisma.apiKey.update({
      where: { id },
      data: { lastUsedAt: new Date(Date.now() - 120_000) },
    });
    await keys.verify(key);
    expect((await used())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Infinity);
  });

  it.each(['', 'Bearer', 'rap_', `rap_${'x'.repeat(42)}`, `rap_${'x'.repeat(43)}'`, '\u0000'])(
    'takes %j for no key',
    async (text) => {
      await expect(keys.verify(text)).resolves.toBeNull();
    },
  );
});
