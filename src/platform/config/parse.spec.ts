import { z } from 'zod';
import fc from 'fast-check';
import { defineConnector, SDK_VERSION, type Connector } from '../../sdk/index.js';
import { packagesOf, parseConfig, type ConfigProblem } from './index.js';

const mapping = [{ field: 'email', property: 'mail', direction: 'both' }] as const;
const declaration = {
  title: 'People',
  entity: 'customer',
  mapping,
  requiredToCreate: [],
  creatable: true,
} as const;
const batch = { read: 10, push: 10 };

const crm = defineConnector({
  sdk: SDK_VERSION,
  name: 'crm',
  title: 'The CRM',
  settings: z.strictObject({ baseUrl: z.url(), pageSize: z.int().max(100).optional() }),
  credentials: z.discriminatedUnion('grantType', [
    z.strictObject({ grantType: z.literal('token'), token: z.string().min(5) }),
    z.strictObject({ grantType: z.literal('password'), user: z.string(), password: z.string() }),
  ]),
  webhookSecrets: z.strictObject({ clientSecret: z.string() }),
  cursor: z.unknown(),
  objects: () => [{ ...declaration, object: 'person', batch }],
  check: () => Promise.resolve([]),
  discover: () => Promise.resolve([]),
  pull: async function* () {
    await Promise.resolve();
    yield* [];
  },
  push: () => Promise.resolve([]),
});

const file = {
  ...crm,
  push: undefined,
  webhookSecrets: undefined,
  name: 'file',
  title: 'A file',
  settings: z.strictObject({
    path: z.string().meta({ path: true }).optional(),
    other: z.string().optional(),
    columns: z.record(z.string(), z.string()).default({}),
  }),
  credentials: z.strictObject({}),
  objects: ({ columns }: { columns: Record<string, string> }) => [
    {
      ...declaration,
      object: 'row',
      batch,
      mapping: Object.entries(columns).map(([property, field]) => ({ field, property, direction: 'pull' })),
    },
  ],
} as unknown as Connector;

const connectors = new Map<string, Connector>([
  ['crm', crm],
  ['file', file],
]);

const GOOD = `
connections:
  - name: sales
    connector: crm
    settings: { baseUrl: "http://127.0.0.1:1", pageSize: 50 }
    credentials: { grantType: token, token: \${TOKEN} }
    webhooks: { clientSecret: \${SECRET:-none, at {all}} }
    schedule: "*/5 * * * *"
    timeZone: Europe/Berlin
    sync:
      customer: { direction: both, create: true, onDelete: archive, filter: [{ field: tags, in: [vip] }] }
  - name: people
    connector: file
    settings: { path: ./people.csv, other: ./x, columns: { first: givenName } }
    sync: { customer: { direction: pull } }
survivorship:
  default: most-recent
  customer:
    email: { rule: source-priority, order: [sales, people] }
    tags: union
    jobTitle: { rule: most-recent, blanks: ignore }
mapping:
  sales:
    customer:
      - { field: custom.tier, property: customer_tier, direction: both, values: { 1: gold, true: silver } }
`.replace('none, at {all}', 'none');

const environment = { TOKEN: 's3cret-token', EMPTY: '' };

function parse(text: string, env: Readonly<Record<string, string>> = environment) {
  return parseConfig({ text, folder: '/etc/rapport', environment: env, connectors });
}

function problems(text: string): readonly ConfigProblem[] {
  const result = parse(text);
  return result.ok ? [] : result.problems;
}

describe('configuration file', () => {
  it('is read with references expanded, defaults filled in and paths made absolute', () => {
    const result = parse(GOOD);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const [sales, people] = result.config.connections;
    expect(sales).toMatchObject({
      credentials: { grantType: 'token', token: 's3cret-token' },
      webhooks: { clientSecret: 'none' },
      sync: { customer: { direction: 'both', create: true, onDelete: 'archive', unique: false } },
    });
    expect(people).toMatchObject({
      settings: { path: '/etc/rapport/people.csv', other: './x', columns: { first: 'givenName' } },
      credentials: {},
      timeZone: 'UTC',
      sync: { customer: { direction: 'pull', create: false, onDelete: 'keep', filter: [] } },
    });
    expect(result.config.mapping['sales']?.customer[0]?.values).toEqual({ '1': 'gold', true: 'silver' });
  });

  it('has a hash that follows meaning, not writing', () => {
    const hash = (text: string, env = environment): string => {
      const result = parse(text, env);
      return result.ok ? result.hash : 'bad';
    };
    const rewritten =
      GOOD.replace('{ direction: pull }', '{ create: false, direction: pull }') + '\n# a remark\n';
    expect(hash(rewritten)).toBe(hash(GOOD));
    expect(hash(GOOD.replace('union', 'most-complete'))).not.toBe(hash(GOOD));
    expect(hash(GOOD, { ...environment, TOKEN: 'another' })).not.toBe(hash(GOOD));
  });

  it('names packages before anything else is right', () => {
    expect(packagesOf('packages: [rapport-x, "@a/b"]\nconnections: nonsense')).toEqual(['rapport-x', '@a/b']);
    expect(packagesOf('packages: [[[')).toEqual([]);
  });

  const change = (from: string, to: string): string => {
    if (!GOOD.includes(from)) throw new Error(`the example has no ${from}`);
    return GOOD.replace(from, to);
  };

  // What is changed in the good file, and what must be said of it: path, line, and words of message or remedy.
  const bad: readonly (readonly [string, string, string, number, RegExp])[] = [
    [
      'an unknown key at the top',
      change('survivorship:', 'survivership:'),
      'survivership',
      16,
      /"survivorship"/,
    ],
    [
      'an unknown key of a connection',
      change('schedule:', 'shedule:'),
      'connections[0].shedule',
      8,
      /"schedule"/,
    ],
    [
      'an unknown key of a policy',
      change('onDelete:', 'ondelete:'),
      'connections[0].sync.customer.ondelete',
      11,
      /"onDelete"/,
    ],
    [
      'an unknown setting',
      change('pageSize', 'pagesize'),
      'connections[0].settings.pagesize',
      5,
      /"pageSize"/,
    ],
    ['an unknown credential', change('token: $', 'tokn: $'), 'connections[0].credentials.tokn', 6, /"token"/],
    [
      'a missing credential',
      change(', token: ${TOKEN}', ''),
      'connections[0].credentials.token',
      6,
      /missing/,
    ],
    [
      'an unknown grant',
      change('grantType: token', 'grantType: tokn'),
      'connections[0].credentials.grantType',
      6,
      /"token"/,
    ],
    [
      'a setting of the wrong type',
      change('pageSize: 50', 'pageSize: many'),
      'connections[0].settings.pageSize',
      5,
      /number/,
    ],
    [
      'a setting that is too large',
      change('pageSize: 50', 'pageSize: 500'),
      'connections[0].settings.pageSize',
      5,
      /at most 100/,
    ],
    [
      'a missing required setting',
      change('baseUrl: "http://127.0.0.1:1", ', ''),
      'connections[0].settings.baseUrl',
      5,
      /missing/,
    ],
    [
      'an unknown webhook secret',
      change('clientSecret:', 'secret:'),
      'connections[0].webhooks.secret',
      7,
      /clientSecret/,
    ],
    [
      'an unknown connector',
      change('connector: crm', 'connector: crn'),
      'connections[0].connector',
      4,
      /"crm".*packages/,
    ],
    [
      'an unknown direction',
      change('direction: both, create', 'direction: booth, create'),
      'connections[0].sync.customer.direction',
      11,
      /"both"/,
    ],
    [
      'a missing direction',
      change('{ direction: pull }', '{ create: false }'),
      'connections[1].sync.customer.direction',
      15,
      /pull, push, both/,
    ],
    [
      'a switch that is text',
      change('create: true', 'create: "yes"'),
      'connections[0].sync.customer.create',
      11,
      /true or false/,
    ],
    [
      'writing to what can only be read',
      change('{ direction: pull }', '{ direction: both }'),
      'connections[1].sync.customer.direction',
      15,
      /only be read/,
    ],
    [
      'an entity that the system does not have',
      change('sync: { customer: { direction: pull } }', 'sync: { account: { direction: pull } }'),
      'connections[1].sync.account',
      15,
      /no account/,
    ],
    [
      'nothing to sync',
      change('sync: { customer: { direction: pull } }', 'sync: {}'),
      'connections[1].sync',
      15,
      /customer, account or deal/,
    ],
    [
      'a filter on an unknown field',
      change('field: tags', 'field: tag'),
      'connections[0].sync.customer.filter[0].field',
      11,
      /"tags"/,
    ],
    [
      'a filter without a test',
      change(', in: [vip]', ''),
      'connections[0].sync.customer.filter[0]',
      11,
      /exists/,
    ],
    [
      'webhooks of a system that sends none',
      change('first: givenName } }', 'first: givenName } }\n    webhooks: { a: b }'),
      'connections[1].webhooks',
      15,
      /no webhooks/,
    ],
    [
      'two connections of one name',
      change('name: people', 'name: sales'),
      'connections[1].name',
      12,
      /two connections/,
    ],
    ['the name of the hub itself', change('name: people', 'name: hub'), 'connections[1].name', 12, /own/],
    [
      'a name that is no slug',
      change('name: people', 'name: My People'),
      'connections[1].name',
      12,
      /lower-case/,
    ],
    [
      'a cron line of six fields',
      change('*/5 * * * *', '* */5 * * * *'),
      'connections[0].schedule',
      8,
      /five/,
    ],
    ['a cron line out of range', change('*/5 * * * *', '61 * * * *'), 'connections[0].schedule', 8, /minute/],
    [
      'an unknown time zone',
      change('Europe/Berlin', 'Europe/Berlyn'),
      'connections[0].timeZone',
      9,
      /"Europe\/Berlin"/,
    ],
    ['an unknown rule', change('tags: union', 'tags: onion'), 'survivorship.customer.tags', 20, /"union"/],
    [
      'an unknown rule in long form',
      change('rule: source-priority', 'rule: source-prio'),
      'survivorship.customer.email.rule',
      19,
      /source-priority/,
    ],
    [
      'an unknown key of a rule',
      change('blanks:', 'blank:'),
      'survivorship.customer.jobTitle.blank',
      21,
      /"blanks"/,
    ],
    [
      'priority without order',
      change(', order: [sales, people]', ''),
      'survivorship.customer.email',
      19,
      /order/,
    ],
    [
      'an unknown connection in an order',
      change('[sales, people]', '[sales, peple]'),
      'survivorship.customer.email.order[1]',
      19,
      /"people"/,
    ],
    [
      'a connection twice in an order',
      change('[sales, people]', '[sales, sales]'),
      'survivorship.customer.email.order[1]',
      19,
      /twice/,
    ],
    [
      'union on a single value',
      change('email: { rule: source-priority, order: [sales, people] }', 'email: union'),
      'survivorship.customer.email',
      19,
      /sets/,
    ],
    [
      'union as the default',
      change('default: most-recent', 'default: union'),
      'survivorship.default',
      17,
      /default/,
    ],
    [
      'a rule for an unknown field',
      change('jobTitle:', 'jobtitel:'),
      'survivorship.customer.jobtitel',
      21,
      /"jobTitle"/,
    ],
    [
      'a rule for a field of the other entity',
      change('jobTitle:', 'industry:'),
      'survivorship.customer.industry',
      21,
      /account/,
    ],
    ['a mapping of an unknown connection', change('  sales:\n', '  sale:\n'), 'mapping.sale', 23, /"sales"/],
    [
      'a mapping of an unknown field',
      change('custom.tier', 'givenname'),
      'mapping.sales.customer[0].field',
      25,
      /"givenName"/,
    ],
    [
      'a mapping without any property',
      change('property: customer_tier, ', ''),
      'mapping.sales.customer[0]',
      25,
      /property/,
    ],
    [
      'a variable that is not set',
      change('${TOKEN}', '${TOKN}'),
      'connections[0].credentials.token',
      6,
      /TOKN is not set/,
    ],
    [
      'a variable that is empty where something must be',
      change('${TOKEN}', '${EMPTY}'),
      'connections[0].credentials.token',
      6,
      /5/,
    ],
    [
      'a reference that cannot be read',
      change('${TOKEN}', '${TO KEN}'),
      'connections[0].credentials.token',
      6,
      /\$\{NAME\}/,
    ],
    [
      'a key written twice',
      change('    connector: crm\n', '    connector: crm\n    connector: crm\n'),
      '',
      5,
      /twice/,
    ],
    ['a tab to indent', change('    connector: crm', '\tconnector: crm'), '', 4, /tab/i],
    [
      'a bracket left open',
      change('[sales, people] }', '[sales, people }'),
      '',
      19,
      /bracket|belong|indent/i,
    ],
    ['a connection that is text', 'connections: [sales]', 'connections[0]', 1, /group of keys/],
    ['no connection', 'connections: []', 'connections', 1, /empty/],
    ['connections that are no list', 'connections: { a: b }', 'connections', 1, /list/],
    ['an empty file', '# nothing\n', '', 1, /empty/],
    ['a file that is text', 'hello', '', 1, /group of keys/],
    ['two documents', 'connections: []\n---\na: b\n', '', 2, /---/],
    ['an unknown alias', 'connections: *gone\n', 'connections', 1, /anchor/],
    ['aliases without end', 'a: &a [x, x, x, x, x, x, x, x, x, x]\n' + aliases(), '', 0, /large|key/],
  ];

  it.each(bad)(
    'refuses %s, by path and line and with what would be right',
    (_title, text, path, line, words) => {
      const found = problems(text);
      const said = found.find((problem) => problem.path === path && (line === 0 || problem.line === line));
      if (path !== '' || line !== 0) expect(found).toContainEqual(expect.objectContaining({ path, line }));
      const about = said ?? found[0];
      expect(`${about?.message ?? ''} ${about?.remedy ?? ''}`).toMatch(words);
      expect(
        found.every((problem) => problem.line >= 1 && problem.column >= 1 && problem.remedy !== ''),
      ).toBe(true);
      expect(found.length).toBeLessThanOrEqual(/name|webhooks/.test(path) ? 3 : 1);
    },
  );

  function aliases(): string {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    return names
      .slice(1)
      .map(
        (name, index) =>
          `${name}: &${name} [${Array(10)
            .fill(`*${names[index] ?? ''}`)
            .join(', ')}]\n`,
      )
      .join('');
  }

  it('does not let one mistake hide those elsewhere', () => {
    const text = GOOD.replace('schedule:', 'shedule:')
      .replace('sales, people', 'sales, peple')
      .replace('other:', 'otter:');
    expect(problems(text).map((problem) => problem.path)).toEqual([
      'connections[0].shedule',
      'connections[1].settings.otter',
      'survivorship.customer.email.order[1]',
    ]);
  });

  it('tells of everything that is wrong at once, in order of place', () => {
    const text = GOOD.replace('pageSize: 50', 'pageSize: x')
      .replace('custom.tier', 'tier')
      .replace('TOKEN', 'GONE');
    expect(problems(text).map((problem) => problem.line)).toEqual([5, 6, 25]);
  });

  it('never shows a configured value that came out of the environment', () => {
    const leaky = GOOD.replace('direction: pull', 'direction: ${TOKEN}').replace(
      'grantType: token',
      'grantType: ${TOKEN}',
    );
    const found = problems(leaky);
    expect(found).toHaveLength(2);
    expect(JSON.stringify(found)).not.toContain('s3cret');
    expect(JSON.stringify(problems('a: "s3cret\nb: [s3cret')).includes('s3cret')).toBe(false);
  });

  it('takes references in flow and block, quoted or not, with defaults and escapes', () => {
    const text = `
connections:
  - name: people
    connector: file
    settings: { other: "a\${A}b$\${C}", path: \${A:-/x, y: z} }
    sync: { customer: { direction: pull } }
`;
    const result = parse(text, { B: '' });
    if (result.ok) throw new Error('A is not set');
    expect(result.problems.map((problem) => problem.message)).toEqual([
      'The environment variable A is not set.',
    ]);
    const good = parse(text, { A: '' });
    if (!good.ok) throw new Error(JSON.stringify(good.problems));
    expect(good.config.connections[0]?.settings).toEqual({ other: 'ab${C}', path: '/x, y: z' });
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...GOOD.split(/(?<=[\s{}[\]:,])/),
      '${',
      '}',
      '$${',
      '*a',
      '&a ',
      '!x ',
      '? ',
      '<<: ',
      '__proto__: ',
      '\t',
      '\0',
      '"',
      "'",
      '|\n',
      '---\n',
      '\ue100',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
      fc
        .tuple(fc.nat(GOOD.length), fc.nat(30), fc.string({ maxLength: 5 }))
        .map(([at, cut, piece]) => GOOD.slice(0, at) + piece + GOOD.slice(at + cut)),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.jsonValue().map((value) => `connections: ${JSON.stringify(value)}`),
    );
    fc.assert(
      fc.property(text, (given) => {
        const result = parse(given);
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
