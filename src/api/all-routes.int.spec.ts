import { randomBytes } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { ApiKeysService } from '../access/index.js';
import { openServer } from '../startup/application.js';

/** What anybody may ask for, and why it harms nobody. */
const PUBLIC: readonly RegExp[] = [
  /^\/health\/(?:live|ready)$/, // says up or down
  /^\/webhooks\//, // guarded by the vendor's signature
  /^\/docs(?:\/|$)/, // the same for every hub
  /^\/metrics$/, // from this machine
];

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

describe('every route of the application', () => {
  let test: TestDatabase;
  let app: NestExpressApplication;
  let reader: string;

  beforeAll(async () => {
    test = await createTestDatabase();
    const environment = {
      DATABASE_URL: test.url,
      RAPPORT_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      RAPPORT_LOG_LEVEL: 'silent',
    };
    app = await openServer({ environment, role: { work: false, schedule: false } });
    await app.listen(0, '127.0.0.1');
    const keys = app.get(ApiKeysService, { strict: false });
    reader = (await keys.create({ name: 'reader', scope: 'read' })).key;
  });

  afterAll(async () => {
    await app.close();
    await test.drop();
  });

  const routes = (): { method: 'get' | 'post'; path: string }[] => {
    const { router } = app.getHttpAdapter().getInstance() as unknown as {
      router: { stack: readonly Layer[] };
    };
    // Middleware has no route, or one that takes everything: `{/*splat}`.
    return router.stack
      .filter(({ route }) => route?.path.startsWith('/'))
      .flatMap(({ route }) =>
        Object.keys(route?.methods ?? {}).map((method) => ({
          method: method as 'get',
          path: (route?.path ?? '').replace(/:\w+/g, 'x'),
        })),
      );
  };

  it('is closed to those without a key, unless it is known to be public', async () => {
    const all = routes();
    expect(all.filter(({ path }) => path.startsWith('/api/v1/')).length).toBeGreaterThan(30);
    for (const { method, path } of all) {
      const { status } = await request(app.getHttpServer())[method](path);
      const open = PUBLIC.some((pattern) => pattern.test(path));
      if (!open) expect({ path, status }).toEqual({ path, status: 401 });
      else if (!path.startsWith('/webhooks/'))
        expect({ path, closed: status === 401 || status === 403 }).toEqual({ path, closed: false });
    }
  });

  it('that changes something is closed to those who may only read', async () => {
    for (const { method, path } of routes()) {
      if (method === 'get' || !path.startsWith('/api/')) continue;
      const server = request(app.getHttpServer());
      const answer = await server[method](path).set('Authorization', `Bearer ${reader}`);
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
    }
  });

  it('answers as a problem document when it cannot', async () => {
    const answer = await request(app.getHttpServer()).post('/webhooks/nobody').send('{}').expect(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });
});
