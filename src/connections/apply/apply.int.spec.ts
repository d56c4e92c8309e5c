import { randomBytes, randomUUID } from 'node:crypto';
import { connectionHttp } from '../../../test/helpers/connection-http.js';
import { createTestDatabase, type TestDatabase } from '../../../test/helpers/database.js';
import { ensureHubConnection } from '../../startup/hub-connection.js';
import { Vault, keysFromText } from '../../platform/secrets/index.js';
import { RulesService } from '../../rules/rules.service.js';
import { ConnectorError } from '../../sdk/index.js';
import { ConnectionsService } from '../connections.service.js';
import { ConnectorRegistry } from '../connector-registry.js';
import { ApplyService, type ApplyResult } from './apply.service.js';

const ENV = { TOKEN: 'pat-secret-1', SECRET: 'hook-secret-1', BASE: 'http://127.0.0.1:1' };

const FILE = `
connections:
  - name: hubspot
    connector: hubspot
    settings: { baseUrl: "\${BASE}" }
    credentials: { accessToken: \${TOKEN} }
    webhooks: { clientSecret: \${SECRET} }
    schedule: "*/5 * * * *"
    timeZone: Europe/Berlin
    sync: { customer: { direction: both, create: true }, account: { direction: both } }
  - name: newsletter
    connector: csv
    settings: { path: ./people.csv, idColumn: id, object: customer, columns: { first: givenName, mail: email } }
    sync: { customer: { direction: pull } }
survivorship:
  customer:
    email: { rule: source-priority, order: [newsletter, hubspot] }
    tags: union
    jobTitle: { rule: most-recent, blanks: ignore }
`;

describe('ApplyService', () => {
  let test: TestDatabase;
  let registry: ConnectorRegistry;
  let connections: ConnectionsService;
  let rules: RulesService;
  let apply: (
    text: string,
    options?: { dryRun?: boolean; env?: Record<string, string> },
  ) => Promise<ApplyResult>;

  beforeAll(async () => {
    registry = await ConnectorRegistry.load();
  });
  beforeEach(async () => {
    test = await createTestDatabase();
    const { database } = test;
    await ensureHubConnection(database);
    const vault = new Vault(keysFromText(randomBytes(32).toString('base64')));
    const http = connectionHttp(database);
    rules = new RulesService(database);
    connections = new ConnectionsService(database, registry, vault, http);
    const service = new ApplyService(database, registry, rules, vault, http);
    apply = (text, { dryRun = false, env = ENV } = {}) =>
      service.apply(text, { path: '/srv/hub/rapport.yaml', env, dryRun });
  });
  afterEach(async () => {
    await test.drop();
  });

  const applied = async (
    text: string,
    options?: Parameters<typeof apply>[1],
  ): Promise<Extract<ApplyResult, { ok: true }>> => {
    const result = await apply(text, options);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result;
  };
  const snapshot = async (): Promise<unknown> => ({
    connections: await test.database.prisma.connection.findMany({ orderBy: { name: 'asc' } }),
    rules: await test.database.prisma.ruleSet.findMany(),
    tasks: await test.database.prisma.resolveTask.findMany(),
  });
  const named = async (name: string) =>
    test.database.prisma.connection.findUniqueOrThrow({ where: { name } });

  it('puts connections and rules in force, secrets sealed', async () => {
    const result = await applied(FILE);

    expect(result.changes.map(({ name, action }) => `${name} ${action}`)).toEqual([
      'hubspot added',
      'newsletter added',
      'rules changed',
    ]);
    const hubspot = await named('hubspot');
    expect(hubspot).toMatchObject({
      position: 0,
      state: 'active',
      schedule: '*/5 * * * *',
      timeZone: 'Europe/Berlin',
    });
    expect(JSON.stringify(hubspot)).not.toContain('secret-1');
    const directory = await connections.directory();
    const active = directory.named('hubspot');
    if (active === undefined) throw new Error('hubspot is not there');
    const session = await connections.open(active, new AbortController().signal);
    expect(session.context.credentials).toEqual({ accessToken: 'pat-secret-1' });
    expect(await connections.webhookSecrets(active)).toEqual({ clientSecret: 'hook-secret-1' });
    expect(directory.named('newsletter')?.settings).toMatchObject({ path: '/srv/hub/people.csv' });
    expect((await rules.current()).survivorship.fields.customer).toEqual({
      email: { rule: 'source-priority', order: ['newsletter', 'hubspot'], blanks: 'win' },
      tags: { rule: 'union', order: [], blanks: 'win' },
      jobTitle: { rule: 'most-recent', order: [], blanks: 'ignore' },
    });
  });

  it('shows no secret and nothing from the environment in what it says', async () => {
    const first = await applied(FILE);
    const second = await applied(FILE, {
      env: { ...ENV, TOKEN: 'pat-secret-2', BASE: 'http://127.0.0.1:2' },
    });

    expect(JSON.stringify([first, second])).not.toMatch(/secret-|127\.0\.0\.1/);
    expect(second.changes).toEqual([
      {
        what: 'connection',
        name: 'hubspot',
        action: 'changed',
        details: [
          { path: 'settings.baseUrl', before: '(hidden)', after: '(hidden)' },
          { path: 'credentials', before: '(secret)', after: '(another secret)' },
        ],
      },
    ]);
  });

  it('changes nothing when the same file is applied again', async () => {
    await applied(FILE);
    const before = await snapshot();

    expect((await applied(FILE)).changes).toEqual([]);
    expect(await snapshot()).toEqual(before);
  });

  it('keeps credentials that the system renewed when the same file is applied again', async () => {
    await applied(FILE);
    const connection = (await connections.directory()).named('hubspot');
    if (connection === undefined) throw new Error('hubspot is not there');
    const signal = new AbortController().signal;
    await (await connections.open(connection, signal)).context.saveCredentials({ accessToken: 'renewed' });

    expect((await applied(FILE)).changes).toEqual([]);
    expect((await connections.open(connection, signal)).context.credentials).toEqual({
      accessToken: 'renewed',
    });

    await applied(FILE, { env: { ...ENV, TOKEN: 'pat-secret-2' } });
    expect((await connections.open(connection, signal)).context.credentials).toEqual({
      accessToken: 'pat-secret-2',
    });
  });

  it('says what it would do and does nothing in a dry run', async () => {
    const before = await snapshot();

    const result = await applied(FILE, { dryRun: true });

    expect(result.changes).toHaveLength(3);
    expect(await snapshot()).toEqual(before);
  });

  it('removes a connection that is no longer in the file, and takes it back under its old id', async () => {
    await applied(FILE);
    const { id } = await named('newsletter');
    const without = FILE.replace(/ {2}- name: newsletter[\s\S]*?survivorship:/, 'survivorship:').replace(
      '[newsletter, hubspot]',
      '[hubspot]',
    );

    expect((await applied(without)).changes.map(({ name, action }) => `${name} ${action}`)).toContain(
      'newsletter removed',
    );
    expect((await named('newsletter')).state).toBe('removed');

    expect((await applied(FILE)).changes.map(({ name, action }) => `${name} ${action}`)).toContain(
      'newsletter restored',
    );
    expect(await named('newsletter')).toMatchObject({ id, state: 'active' });
  });

  it('starts a failed connection again when it is changed, and its issue goes', async () => {
    await applied(FILE);
    const connection = (await connections.directory()).named('hubspot');
    if (connection === undefined) throw new Error('hubspot is not there');
    const error = new ConnectorError({
      kind: 'credentials',
      code: 'DEAD',
      message: 'The token is dead.',
      remedy: 'Make one.',
    });
    await test.database.transaction((tx) => connections.fail(tx, connection, error));
    expect((await named('hubspot')).state).toBe('failed');

    await applied(FILE, { env: { ...ENV, TOKEN: 'pat-secret-2' } });

    expect(await named('hubspot')).toMatchObject({ state: 'active', problem: null });
    expect(await test.database.prisma.syncIssue.count()).toBe(0);
  });

  it('has golden records computed again when rules or policies change, and records placed again when matching does', async () => {
    await applied(FILE);
    const golden = randomUUID();
    await test.database.prisma.golden.create({
      data: { id: golden, entity: 'customer', fields: {}, provenance: {} },
    });
    const { id: connectionId } = await named('hubspot');
    const record = await test.database.prisma.sourceRecord.create({
      data: { connectionId, object: 'contacts', entity: 'customer', externalId: '1', fields: {} },
    });
    const tasks = async (): Promise<string[]> => {
      const found = await test.database.prisma.resolveTask.findMany({ orderBy: { kind: 'asc' } });
      await test.database.prisma.resolveTask.deleteMany();
      return found.map((task) => `${task.kind} ${task.id}`);
    };
    await tasks();

    await applied(FILE.replace('jobTitle: { rule: most-recent', 'jobTitle: { rule: most-complete'));
    expect(await tasks()).toEqual([`golden ${golden}`]);
    await applied(FILE.replace('account: { direction: both }', 'account: { direction: pull }'));
    expect(await tasks()).toEqual([`golden ${golden}`]);
    await applied(FILE.replace('"*/5 * * * *"', '"*/9 * * * *"'));
    expect(await tasks()).toEqual([`golden ${golden}`]);
    await applied(FILE.replace('"*/5 * * * *"', '"*/7 * * * *"'));
    expect(await tasks()).toEqual([]);
    await applied(`${FILE}matching: { limits: { phone: 3 } }\n`);
    expect(await tasks()).toEqual([`golden ${golden}`, `record ${String(record.id)}`]);
    expect((await rules.current()).matching.limits.phone).toBe(3);
  });

  it.each([
    ['text that is no YAML', 'connections: [', 1],
    ['an unknown key', FILE.replace('timeZone:', 'timezone:'), 9],
    ['an unknown connector', FILE.replace('connector: csv', 'connector: cvs'), 12],
    ['a wrong setting', FILE.replace('object: customer', 'object: custmer'), 13],
    ['a missing variable', FILE.replace('${TOKEN}', '${TOKEN_NOT_SET}'), 6],
    ['a bad cron line', FILE.replace('*/5 * * * *', '61 * * * *'), 8],
    ['the reserved name', FILE.replace('name: newsletter', 'name: hub'), 11],
    ['a rule over an unknown connection', FILE.replace('[newsletter, hubspot]', '[salesforce]'), 17],
    ['writing to what can only be read', FILE.replace('direction: pull', 'direction: both'), 14],
    ['a package that is not there', `${FILE}packages: [rapport-connector-missing]\n`, 20],
  ])('applies nothing of a file with %s, and says where', async (_what, text, line) => {
    await applied(FILE.replace('"*/5 * * * *"', '"0 * * * *"'));
    const before = await snapshot();

    const result = await apply(text);

    if (result.ok) throw new Error('It was applied.');
    expect(result.problems.map((problem) => problem.line)).toContain(line);
    for (const problem of result.problems) expect(problem.remedy).not.toBe('');
    expect(JSON.stringify(result)).not.toContain('secret-1');
    expect(await snapshot()).toEqual(before);
  });

  it('refuses to make another system of a connection whose records are known', async () => {
    await applied(FILE);
    const before = await snapshot();

    const result = await apply(
      FILE.replace(
        /connector: hubspot[\s\S]*?webhooks:.*\n/,
        'connector: salesforce\n    settings: { loginUrl: "http://127.0.0.1:1" }\n    credentials: { grantType: client_credentials, clientId: a, clientSecret: b }\n',
      ),
    );

    expect(result).toMatchObject({ ok: false, problems: [{ path: 'connections[0].connector', line: 4 }] });
    expect(await snapshot()).toEqual(before);
  });
});
