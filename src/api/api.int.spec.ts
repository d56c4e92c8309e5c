import { Module } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import type { z } from 'zod';
import { createTestHub, type TestHub } from '../../test/helpers/hub.js';
import { ApiKeysService } from '../access/index.js';
import { ruleOf } from '../access/rule-of.js';
import { CheckService } from '../connections/check.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { ConnectorRegistry } from '../connections/connector-registry.js';
import { AuditsService } from '../drift/audits.service.js';
import { ErasureService } from '../erasure/erasure.service.js';
import { execute, json, sql, Database } from '../platform/database/index.js';
import { createLogger, LOGGER } from '../platform/telemetry/index.js';
import { RulesService } from '../rules/rules.service.js';
import { RunsService } from '../runs/runs.service.js';
import { ApprovalService } from '../sync/approval.service.js';
import { UndoService } from '../sync/undo.service.js';
import { setUpHttp } from '../startup/http.js';
import * as answers from './answers.js';
import { ApiModule } from './api.module.js';
import { setUpDocs } from './docs.js';
import * as privacy from './privacy-answers.js';

const AT = '2026-01-01T00:00:00Z';
const NOBODY = '00000000-0000-7000-8000-000000000000';

function moduleOf(hub: TestHub): unknown {
  const providers = [
    { provide: Database, useValue: hub.database },
    { provide: ConnectionsService, useValue: hub.connections },
    { provide: ConnectorRegistry, useValue: hub.registry },
    { provide: RulesService, useValue: hub.rules },
    { provide: CheckService, useValue: hub.checks },
    { provide: RunsService, useValue: hub.runs },
    { provide: AuditsService, useValue: new AuditsService(hub.database) },
    { provide: ErasureService, useValue: new ErasureService(hub.database, hub.connections, hub.vault) },
    { provide: UndoService, useValue: new UndoService(hub.database, hub.connections) },
    { provide: ApprovalService, useValue: new ApprovalService(hub.database, hub.connections) },
  ];
  @Module({ providers, exports: providers.map((one) => one.provide) })
  class HubModule {}
  return HubModule;
}

describe('the HTTP API', () => {
  let hub: TestHub;
  let app: NestExpressApplication;
  let admin: string;
  let reader: string;
  let anna: string;
  let bruno: string;
  const logged: string[] = [];

  beforeAll(async () => {
    hub = await createTestHub();
    const logger = createLogger({
      level: 'info',
      destination: {
        write: (line) => {
          logged.push(line);
        },
      },
    });
    const hubModule = moduleOf(hub) as Parameters<typeof ApiModule.register>[0][number];
    @Module({
      providers: [
        { provide: Database, useValue: hub.database },
        { provide: LOGGER, useValue: logger },
      ],
      exports: [Database, LOGGER],
    })
    class CoreModule {}
    const built = await Test.createTestingModule({
      imports: [{ module: CoreModule, global: true }, ApiModule.register([hubModule]), DiscoveryModule],
    }).compile();
    app = built.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
    setUpHttp(app);
    setUpDocs(app);
    await app.listen(0, '127.0.0.1');
    const keys = app.get(ApiKeysService, { strict: false });
    admin = (await keys.ensureFirstKey()) ?? '';
    reader = (await keys.create({ name: 'reader', scope: 'read' })).key;
    await hub.see('crm', 'account', [{ id: 'A1', values: { name: 'Acme', domain: 'acme.example' }, at: AT }]);
    await hub.see('crm', 'customer', [
      {
        id: 'C1',
        values: { givenName: 'Anna', familyName: 'Ash', email: 'anna@acme.example', jobTitle: 'Engineer' },
        at: AT,
      },
      { id: 'C2', values: { givenName: 'Bruno', email: 'bruno@acme.example' }, at: AT },
    ]);
    await hub.see('mail', 'customer', [
      {
        id: 'M,1',
        values: { givenName: 'Anna', familyName: 'Ash', email: 'anna@acme.example', jobTitle: 'Chief' },
        at: '2026-02-01T00:00:00Z',
      },
    ]);
    anna = await hub.goldenOf('crm', 'C1');
    bruno = await hub.goldenOf('crm', 'C2');
  });

  afterAll(async () => {
    await app.close();
    await hub.drop();
  });

  const call = (method: 'get' | 'post' | 'patch' | 'delete', path: string, key: string | null = admin) => {
    const made = request(app.getHttpServer())[method](path);
    return key === null ? made : made.set('Authorization', `Bearer ${key}`);
  };

  /** An answer that is as documented. */
  const get = async <Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> => {
    const answer = await call('get', `/api/v1${path}`, reader).expect(200);
    return schema.parse(answer.body);
  };

  const issue = async (values: {
    operation?: string;
    code?: string;
    fingerprint: string;
  }): Promise<string> => {
    const rows = await hub.database.prisma.$queryRaw<{ id: string }[]>(
      sql`insert into sync_issue (fingerprint, connection_id, object, record_id, golden_id, operation, code, field, refused, message, remedy)
       select ${values.fingerprint}, c.id, 'contact', ${await hub.recordOf('crm', 'C1')}::bigint, ${anna}::uuid, ${values.operation ?? 'write'},
              ${values.code ?? 'TOO_LONG'}, 'jobTitle', '=Chief', 'Too long.', 'Shorten it.'
         from connection c where c.name = 'crm' returning id::text as id`,
    );
    return rows[0]?.id ?? '';
  };

  describe('lets in', () => {
    const routes = (): { method: string; path: string; rule: string | undefined }[] => {
      const reflector = app.get(Reflector);
      const scanner = new MetadataScanner();
      return app
        .get(DiscoveryService)
        .getControllers()
        .flatMap(({ instance, metatype }) => {
          if (typeof metatype !== 'function') return [];
          const prototype = Object.getPrototypeOf(instance) as object;
          const controller = metatype as Parameters<typeof ruleOf>[2];
          return scanner.getAllMethodNames(prototype).flatMap((name) => {
            const handler = (instance as Record<string, Parameters<typeof ruleOf>[1]>)[name];
            if (handler === undefined) return [];
            const path: unknown = Reflect.getMetadata('path', handler);
            if (typeof path !== 'string') return [];
            const base = String(Reflect.getMetadata('path', controller));
            const method = (['get', 'post', 'put', 'delete', 'patch'] as const)[
              Number(Reflect.getMetadata('method', handler))
            ];
            return [
              {
                method: method ?? '',
                path: `/${base}/${path}`.replace(/\/+/g, '/').replace(/:\w+/g, 'x').replace(/\/$/, ''),
                rule: ruleOf(reflector, handler, controller),
              },
            ];
          });
        });
    };

    it('nobody without a key, readers to what is read, and admins to everything', async () => {
      const all = routes();
      expect(all.length).toBeGreaterThan(30);
      for (const { method, path, rule } of all) {
        expect({ method, path, rule }).toEqual({
          method,
          path,
          rule: expect.stringMatching(/^(read|admin)$/) as string,
        });
        const as = (key: string | null) => call(method as 'get', path, key);
        expect((await as(null)).status).toBe(401);
        expect((await as(`rap_${'x'.repeat(43)}`)).status).toBe(401);
        const asReader = (await as(reader)).status;
        if (rule === 'admin') expect({ path, status: asReader }).toEqual({ path, status: 403 });
        else expect([200, 400, 404]).toContain(asReader);
        if (path.startsWith('/api/v1/keys')) continue;
        expect([200, 202, 204, 400, 404]).toContain((await as(admin)).status);
      }
    });

    it('says who it takes', async () => {
      const answer = await call('get', '/api/v1/customers', null).expect(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ type: 'urn:rapport:problem:unauthorized', status: 401 });
    });

    it('no revoked key, and keeps one that may administer', async () => {
      const made = await call('post', '/api/v1/keys')
        .send({ name: 'short-lived', scope: 'read' })
        .expect(201);
      const { id, key } = answers.newApiKey.parse(made.body);
      await call('get', '/api/v1/connections', key).expect(200);
      await call('delete', `/api/v1/keys/${id}`).expect(204);
      await call('get', '/api/v1/connections', key).expect(401);
      const list = await call('get', '/api/v1/keys').expect(200);
      const first = answers
        .listOf(answers.apiKey)
        .parse(list.body)
        .items.find((one) => one.name === 'first key');
      expect(first?.lastUsedAt).not.toBeNull();
      await call('delete', `/api/v1/keys/${first?.id ?? ''}`).expect(409);
      expect(JSON.stringify(list.body)).not.toContain('hash');
    });
  });

  describe('answers', () => {
    it('searches and details as documented', async () => {
      const page = await get('/customers?q=anna@acme.example', answers.pageOf(answers.summary));
      expect(page.items).toMatchObject([{ id: anna, connections: ['crm', 'mail'] }]);
      const detail = await get(`/customers/${anna}`, answers.detail);
      expect(detail.records.map((record) => record.externalId)).toEqual(['C1', 'M,1']);
      await get(`/customers/${anna}/records`, answers.listOf(answers.record));
      await get(`/customers/${anna}/history?limit=1`, answers.pageOf(answers.historyEntry));
      const told = await get(`/customers/${anna}/explain/jobTitle`, answers.explanation);
      expect(told.value).toBe('Chief');
      expect((await get('/accounts?q=acme', answers.pageOf(answers.summary))).items).toHaveLength(1);
    });

    it('takes an edit and its withdrawal', async () => {
      await call('patch', `/api/v1/customers/${bruno}`)
        .send({ fields: { jobTitle: 'Baker' } })
        .expect(200);
      await hub.settle();
      expect((await get(`/customers/${bruno}/explain/jobTitle`, answers.explanation)).claims).toMatchObject([
        { connection: 'hub', by: 'first key' },
      ]);
      await call('delete', `/api/v1/customers/${bruno}/edits/jobTitle`).expect(200);
      await hub.settle();
    });

    it('connections with how fresh they are, and pauses and resumes them', async () => {
      const list = await get('/connections', answers.listOf(answers.connection));
      expect(list.items.map((one) => one.name)).toEqual(['crm', 'mail']);
      expect(list.items[0]?.objects).toHaveLength(2);
      expect((await call('post', '/api/v1/connections/crm/pause').expect(200)).body).toMatchObject({
        state: 'paused',
      });
      await call('post', '/api/v1/runs')
        .send({ connections: ['crm'] })
        .expect(409);
      expect((await call('post', '/api/v1/connections/crm/resume').expect(200)).body).toMatchObject({
        state: 'active',
      });
      answers.check.parse((await call('post', '/api/v1/connections/crm/check').expect(200)).body);
    });

    it('starts runs and tells of them', async () => {
      const started = await call('post', '/api/v1/runs').send({ full: true }).expect(202);
      const { runId } = started.body as { runId: string };
      expect((await get(`/runs/${runId}`, answers.runReport)).parts).toHaveLength(2);
      expect((await get('/runs?limit=1', answers.pageOf(answers.run))).items[0]?.id).toBe(runId);
    });

    it('shows what of a run waits for approval, and takes the answer and who gave it', async () => {
      const started = await call('post', '/api/v1/runs')
        .send({ connections: ['crm'] })
        .expect(202);
      const { runId } = started.body as { runId: string };
      await call('post', `/api/v1/runs/${runId}/reject`).expect(409);
      const prisma = hub.database.prisma;
      const counts = { customer: { create: 0, update: 1, archive: 0, written: 0, records: 2 } };
      await execute(
        prisma,
        sql`insert into run_gate (run_id, connection_id, state, reason, counts)
         select ${runId}::uuid, id, 'held', 'many', ${json(counts)} from connection where name = 'crm'`,
      );
      await execute(
        prisma,
        sql`insert into push_intent (connection_id, object, entity, golden_id, record_id, target, kind, run_id)
         select connection_id, object, entity, golden_id, id, 'record:' || id, 'update', ${runId}::uuid
           from source_record where external_id = 'C1'
         on conflict (connection_id, object, target) do update set run_id = excluded.run_id`,
      );
      const held = await get(`/runs/${runId}/held`, answers.listOf(answers.held));
      expect(held.items).toMatchObject([
        { connection: 'crm', reason: 'many', writes: [{ object: 'contact', kind: 'update', count: 1 }] },
      ]);
      expect(held.items[0]?.samples[0]).toMatchObject({ externalId: 'C1', goldenId: anna });
      await call('post', `/api/v1/runs/${runId}/approve`, reader).expect(403);
      answers.run.parse((await call('post', `/api/v1/runs/${runId}/reject`).expect(200)).body);
      const rejected = await get(`/runs/${runId}`, answers.runReport);
      expect(rejected.gates).toMatchObject([
        { connection: 'crm', state: 'rejected', decidedBy: 'first key' },
      ]);
      answers.run.parse((await call('post', `/api/v1/runs/${runId}/approve`).expect(202)).body);
      await call('post', `/api/v1/runs/${runId}/approve`).expect(409);
      await call('post', `/api/v1/runs/${NOBODY}/approve`).expect(404);
      await execute(prisma, sql`update push_intent set run_id = null`);
      await execute(prisma, sql`delete from sync_issue`);
    });

    it('issues: lists, groups, skips, retries', async () => {
      const id = await issue({ fingerprint: 'one' });
      await issue({ fingerprint: 'two' });
      const page = await get('/issues?limit=1&connection=crm&state=open', answers.pageOf(answers.issue));
      expect(page.next).not.toBeNull();
      expect((await get('/issues/groups', answers.listOf(answers.issueGroup))).items).toMatchObject([
        { code: 'TOO_LONG', count: 2 },
      ]);
      expect((await call('post', `/api/v1/issues/${id}/skip`).expect(200)).body).toMatchObject({
        state: 'skipped',
      });
      expect((await get('/issues?state=skipped', answers.pageOf(answers.issue))).items).toHaveLength(1);
      expect((await call('post', `/api/v1/issues/${id}/unskip`).expect(200)).body).toMatchObject({
        state: 'open',
      });
      expect((await call('post', `/api/v1/issues/${id}/retry`).expect(202)).body).toEqual({ retried: 1 });
      await call('get', `/api/v1/issues/${id}`).expect(404);
      expect(
        (
          await call('post', '/api/v1/issues/retry')
            .send({ filter: { code: 'TOO_LONG' } })
            .expect(202)
        ).body,
      ).toEqual({ retried: 1 });
      const tasks = await hub.database.prisma.resolveTask.findMany();
      expect(tasks).toMatchObject([{ kind: 'golden', id: anna }]);
      await hub.settle();
    });

    it('tries a failed connection again when its issue is retried', async () => {
      await execute(hub.database.prisma, sql`update connection set state = 'failed' where name = 'crm'`);
      const id = await issue({ fingerprint: 'broken', operation: 'connection', code: 'INVALID_TOKEN' });
      await call('post', `/api/v1/issues/${id}/skip`).expect(409);
      await call('post', `/api/v1/issues/${id}/retry`).expect(202);
      expect(await get('/connections/crm', answers.connection)).toMatchObject({ state: 'active' });
      await call('get', `/api/v1/issues/${id}`).expect(200);
    });

    it('merges and unmerges', async () => {
      const answer = await call('post', '/api/v1/merges').send({ a: anna, b: bruno }).expect(201);
      const { survivorId, mergedId } = answers.merged.parse(answer.body);
      await hub.settle();
      expect((await get(`/customers/${mergedId}`, answers.detail)).id).toBe(survivorId);
      answers.unmerged.parse((await call('post', `/api/v1/customers/${mergedId}/unmerge`).expect(200)).body);
      await hub.settle();
      await call('post', `/api/v1/customers/${mergedId}/unmerge`).expect(409);
    });

    it('tells all that is held of a person, forgets them, keeps them out, and notes who asked', async () => {
      const seen = { id: 'Z9', values: { givenName: 'Zita', email: 'zita@acme.example' }, at: AT };
      await hub.see('crm', 'customer', [seen]);
      const zita = await hub.goldenOf('crm', 'Z9');
      const asAdmin = async (path: string): Promise<unknown> =>
        (await call('get', `/api/v1${path}`).expect(200)).body as unknown;
      for (const path of [
        `customers/${zita}/export`,
        `customers/${zita}/erasure-plan`,
        'erasures',
        'audit-log',
      ])
        await call('get', `/api/v1/${path}`, reader).expect(403);
      await call('post', `/api/v1/customers/${zita}/erase`, reader).expect(403);
      const exported = privacy.personExport.parse(await asAdmin(`/customers/${zita}/export`));
      expect(exported.records).toMatchObject([{ connection: 'crm', externalId: 'Z9' }]);
      const plan = privacy.erasurePlan.parse(await asAdmin(`/customers/${zita}/erasure-plan`));
      expect(plan.records).toMatchObject([{ connection: 'crm', action: 'archive' }]);
      const answer = await call('post', `/api/v1/customers/${zita}/erase`).expect(202);
      const { id, removed } = privacy.erasure.parse(answer.body);
      expect(removed).toMatchObject({ source_record: 1, golden: 1 });
      await call('get', `/api/v1/customers/${zita}`).expect(404);
      await hub.see('crm', 'customer', [seen]);
      await expect(hub.goldenOf('crm', 'Z9')).rejects.toThrow('stands for nobody');
      expect(privacy.erasures.parse(await asAdmin('/erasures')).items).toMatchObject([
        { id, state: 'pending' },
      ]);
      privacy.erasure.parse(await asAdmin(`/erasures/${id}`));
      await call('post', '/api/v1/erasures/retry').expect(204);
      expect(privacy.suppressions.parse(await asAdmin('/suppressions')).items).toMatchObject([
        { erasureId: id, hits: 1 },
      ]);
      const lift = (identifier: string) => call('post', '/api/v1/suppressions/lift').send({ identifier });
      await lift('').expect(400);
      await lift('eva@acme.example').expect(404);
      privacy.lifted.parse((await lift('crm:contact:Z9').expect(200)).body);
      await hub.see('crm', 'customer', [seen]);
      await hub.goldenOf('crm', 'Z9');
      const { items } = privacy.auditLog.parse(await asAdmin('/audit-log'));
      expect(items.slice(0, 3).map((entry) => entry.action)).toEqual([
        'lift suppression',
        'erase',
        'export person',
      ]);
    });

    it('rules, the configuration’s schema, candidates', async () => {
      await get('/rules', answers.rules);
      await get('/rules/versions', answers.listOf(answers.ruleVersion));
      expect((await call('get', '/api/v1/config/schema', reader).expect(200)).body).toHaveProperty(
        'properties',
      );
      await get('/candidates?entity=customer', answers.pageOf(answers.candidate));
    });

    it('exports links and customers, quoted where needed', async () => {
      const links = await call('get', '/api/v1/exports/links', reader).expect(200);
      expect(links.headers['content-type']).toBe('text/csv; charset=utf-8');
      expect(links.text.split('\r\n')).toEqual(
        expect.arrayContaining(['connection,object,external_id,customer_id', `mail,contact,"M,1",${anna}`]),
      );
      const json = await call('get', '/api/v1/exports/customers?format=json', reader).expect(200);
      expect(json.body).toEqual(expect.arrayContaining([expect.objectContaining({ id: anna })]));
      const csv = await call('get', '/api/v1/exports/customers?entity=account', reader).expect(200);
      expect(csv.text).toContain('Acme');
    });
  });

  describe('refuses, naming the field', () => {
    it.each([
      ['get', '/customers?limit=100000', undefined, 'limit'],
      ['get', '/customers?limit=0', undefined, 'limit'],
      ['get', '/customers?limit=ten', undefined, 'limit'],
      ['get', '/customers?cursor=nonsense', undefined, 'cursor'],
      ['get', '/customers?q=a&q=b', undefined, 'q'],
      ['get', '/customers?name=a', undefined, 'name'],
      ['get', '/accounts?limit=201', undefined, 'limit'],
      ['get', '/customers/ID/history?limit=1e9', undefined, 'limit'],
      ['get', '/customers/ID/history?cursor=e30', undefined, 'cursor'],
      ['get', '/customers/ID/explain/fone', undefined, 'fone'],
      ['patch', '/customers/ID', { fields: { fone: '1' } }, 'fone'],
      ['patch', '/customers/ID', { fields: { email: 'no address' } }, 'email'],
      ['patch', '/customers/ID', { fields: {} }, 'fields'],
      ['patch', '/customers/ID', { fields: 'x' }, 'fields'],
      ['patch', '/customers/ID', [], 'body'],
      ['patch', '/customers/ID', undefined, 'fields'],
      ['delete', '/customers/ID/edits/fone', undefined, 'fone'],
      ['get', '/runs?limit=-1', undefined, 'limit'],
      ['get', '/runs?cursor=WzFd', undefined, 'cursor'],
      ['post', '/runs', { connections: [] }, 'connections'],
      ['post', '/runs', { connections: ['crn'] }, 'connections'],
      ['post', '/runs', { full: 'yes' }, 'full'],
      ['post', '/runs', { approve: 1 }, 'approve'],
      ['post', '/runs', { dryRun: true }, 'dryRun'],
      ['get', '/candidates?entity=person', undefined, 'entity'],
      ['post', '/candidates/decide', { a: '1', b: '2', verdict: 'maybe' }, 'verdict'],
      ['post', '/candidates/decide', { a: 'x', b: '2', verdict: 'same' }, 'a'],
      ['post', '/merges', { a: 'x', b: NOBODY }, 'a'],
      ['post', '/merges', { a: NOBODY }, 'b'],
      ['get', '/issues?state=closed', undefined, 'state'],
      ['get', '/issues?cursor=W10', undefined, 'cursor'],
      ['get', '/issues/groups?severity=bad', undefined, 'severity'],
      ['post', '/issues/retry', {}, 'filter'],
      ['post', '/issues/retry', { filter: { cod: 'x' } }, 'filter.cod'],
      ['get', '/exports/links?format=xml', undefined, 'format'],
      ['get', '/exports/customers?entity=invoice', undefined, 'entity'],
      ['post', '/keys', { name: '', scope: 'read' }, 'name'],
      ['post', '/keys', { name: 'x', scope: 'root' }, 'scope'],
    ] as const)('%s %s %j', async (method, path, body, field) => {
      const answer = await call(method, `/api/v1${path.replace('ID', anna)}`).send(body);
      expect(answer.body).toMatchObject({
        type: 'urn:rapport:problem:invalid-input',
        status: 400,
        field,
        remedy: expect.any(String) as string,
        instance: expect.stringMatching(/^\/api\/v1\/[^?]*$/) as string,
      });
      expect(answer.headers['content-type']).toContain('application/problem+json');
    });

    it.each([
      ['get', `/customers/${NOBODY}`],
      ['get', '/customers/x'],
      ['get', `/accounts/${NOBODY}/records`],
      ['get', `/customers/${NOBODY}/history`],
      ['get', `/customers/${NOBODY}/explain/email`],
      ['post', `/customers/${NOBODY}/unmerge`],
      ['get', '/connections/nope'],
      ['post', '/connections/nope/check'],
      ['post', '/connections/nope/pause'],
      ['post', '/connections/hub/resume'],
      ['get', `/runs/${NOBODY}`],
      ['get', '/runs/x'],
      ['get', '/issues/999999'],
      ['get', '/issues/99999999999999999999999'],
      ['post', '/issues/x/retry'],
      ['post', '/issues/999999/skip'],
      ['delete', `/keys/${NOBODY}`],
      ['get', '/nothing'],
    ] as const)('%s %s, which is not there', async (method, path) => {
      const answer = await call(method, `/api/v1${path}`).expect(404);
      expect(answer.body).toMatchObject({ type: 'urn:rapport:problem:not-found', status: 404 });
    });

    it('a body that is no JSON, and one that is too large', async () => {
      const broken = await call('post', '/api/v1/merges')
        .type('json')
        .send('{"a": "anna@acme.example"')
        .expect(400);
      expect(JSON.stringify(broken.body)).not.toContain('anna@');
      const large = await call('post', '/api/v1/merges')
        .send({ a: 'x'.repeat(2_000_000) })
        .expect(413);
      expect(large.body).toMatchObject({ type: 'urn:rapport:problem:too-large' });
    });

    it('names everything that is wrong', async () => {
      const answer = await call('post', '/api/v1/merges').send({ a: 1, b: 2 }).expect(400);
      expect(answer.body).toMatchObject({ errors: [{ field: 'a' }, { field: 'b' }] });
    });
  });

  describe('is documented', () => {
    it('by an OpenAPI document of all its routes', async () => {
      const answer = await call('get', '/docs/json', null).expect(200);
      const document = answer.body as {
        openapi: string;
        paths: Record<string, Record<string, { summary?: string; parameters?: { name: string }[] }>>;
      };
      expect(document.openapi).toBe('3.1.0');
      const search = document.paths['/api/v1/customers']?.['get'];
      expect(search?.parameters?.map((one) => one.name).sort()).toEqual(['cursor', 'limit', 'q']);
      for (const routes of Object.values(document.paths)) {
        for (const route of Object.values(routes)) expect(route.summary).toEqual(expect.any(String));
      }
    });

    it('by a page that loads nothing from elsewhere', async () => {
      const page = await call('get', '/docs', null).expect(200);
      expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(page.headers['content-security-policy']).toContain("default-src 'self'");
      expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
      const scripts = [...page.text.matchAll(/<script src="\.?\/?([^"]+)"/g)].map((match) => match[1] ?? '');
      expect(scripts.length).toBeGreaterThan(1);
      for (const script of scripts) {
        const loaded = await call('get', new URL(script, 'http://x/').pathname, null).expect(200);
        expect(loaded.headers['content-type']).toContain('javascript');
      }
      expect(page.text).not.toMatch(/<script>(?!\s*<\/script>)/);
    });
  });

  it('logs nothing of what was asked or answered', () => {
    expect(logged.join('')).not.toMatch(/anna|bruno|acme|rap_/i);
  });
});
