import { DEFAULT_MATCH_RULES } from '../../core/matching/index.js';
import { DEFAULT_RULES } from '../../core/survivorship/index.js';
import type { EntityPolicyConfig } from '../../platform/config/index.js';
import type { Desired, DesiredConnection } from './desired.js';
import { reconcile, type ApplyPlan, type Stored, type StoredConnection } from './reconcile.js';

const policy: EntityPolicyConfig = {
  direction: 'both',
  create: false,
  filter: [],
  onDelete: 'keep',
  unique: false,
  onErase: 'delete',
  onErased: 'ask',
};
const audit = { enabled: true, schedule: '17 3 * * 0', timeZone: 'UTC', repair: true };
const rules = { survivorship: DEFAULT_RULES, matching: DEFAULT_MATCH_RULES, packages: [], audit };

const desired = (
  name: string,
  position: number,
  more: Partial<DesiredConnection> = {},
): DesiredConnection => ({
  name,
  connector: 'hubspot',
  settings: { baseUrl: 'https://api.example.com', lists: ['a', 'b'] },
  schedule: null,
  timeZone: 'UTC',
  sync: { customer: policy },
  mapping: {},
  limits: {},
  position,
  credentials: { accessToken: 'one' },
  webhooks: null,
  ...more,
});
const stored = (name: string, position: number, more: Partial<StoredConnection> = {}): StoredConnection => ({
  ...(desired(name, position) as Omit<StoredConnection, 'id' | 'state'>),
  id: `id-${name}`,
  state: 'active',
  ...more,
});
const plan = (
  from: readonly StoredConnection[],
  to: readonly DesiredConnection[],
  more: Partial<Desired> = {},
): ApplyPlan => {
  const before: Stored = { connections: from, rules };
  return reconcile(before, { connections: to, rules, ...more }, (_connection, path) =>
    path.includes('apiKey'),
  );
};
const kinds = (applied: ApplyPlan): string[] => applied.operations.map((operation) => operation.kind);

describe('reconcile', () => {
  it('does nothing when nothing differs, whatever the order of keys', () => {
    const reordered = desired('a', 0, {
      settings: { lists: ['a', 'b'], baseUrl: 'https://api.example.com' },
    });
    expect(plan([stored('a', 0)], [reordered])).toEqual({
      operations: [],
      changes: [],
      recompute: false,
      rematch: false,
    });
  });

  it('shows each setting that changes by its path, and no secret', () => {
    const { changes } = plan(
      [stored('a', 0, { settings: { baseUrl: 'x', apiKey: 'k1', lists: ['a', 'b'] } })],
      [
        desired('a', 0, {
          settings: { baseUrl: 'y', apiKey: 'k2', lists: ['a', 'c'] },
          credentials: { accessToken: 'two' },
        }),
      ],
    );
    expect(changes).toEqual([
      {
        what: 'connection',
        name: 'a',
        action: 'changed',
        details: [
          { path: 'settings.apiKey', before: '(hidden)', after: '(hidden)' },
          { path: 'settings.baseUrl', before: '"x"', after: '"y"' },
          { path: 'settings.lists[1]', before: '"b"', after: '"c"' },
          { path: 'credentials', before: '(secret)', after: '(another secret)' },
        ],
      },
    ]);
  });

  it('says when secrets come and go', () => {
    const had = stored('a', 0, { webhooks: { clientSecret: 's' } });
    const { changes } = plan([had], [desired('a', 0, { credentials: {} })]);
    expect(changes[0]?.details).toEqual([
      { path: 'credentials', before: '(secret)', after: null },
      { path: 'webhooks', before: '(secret)', after: null },
    ]);
  });

  it('moves connections that change places, which decides ties, without calling that a change', () => {
    const applied = plan([stored('a', 0), stored('b', 1)], [desired('b', 0), desired('a', 1)]);
    expect(kinds(applied)).toEqual(['move', 'move']);
    expect(applied).toMatchObject({ changes: [], recompute: true, rematch: false });
  });

  it('removes what is no longer asked for once, and brings it back as the same connection', () => {
    expect(kinds(plan([stored('a', 0)], []))).toEqual(['remove']);
    expect(kinds(plan([stored('a', 0, { state: 'removed' })], []))).toEqual([]);
    const back = plan([stored('a', 0, { state: 'removed' })], [desired('a', 0)]);
    expect(back.operations).toMatchObject([{ kind: 'change', from: { id: 'id-a' } }]);
    expect(back).toMatchObject({ changes: [{ name: 'a', action: 'restored' }], recompute: true });
  });

  it.each([
    ['a schedule', desired('a', 0, { schedule: '0 * * * *' }), false, false],
    ['credentials', desired('a', 0, { credentials: { accessToken: 'two' } }), false, false],
    ['a policy', desired('a', 0, { sync: { customer: { ...policy, create: true } } }), true, false],
    [
      'a mapping',
      desired('a', 0, { mapping: { customer: [{ field: 'custom.tier', property: 'tier' }] } }),
      true,
      false,
    ],
    [
      'holding each person once',
      desired('a', 0, { sync: { customer: { ...policy, unique: true } } }),
      true,
      true,
    ],
  ])('computes and matches again only what %s can change', (_what, to, recompute, rematch) => {
    expect(plan([stored('a', 0)], [to])).toMatchObject({ recompute, rematch });
  });

  it('takes survivorship for a new computation and matching for new links', () => {
    const survivorship = {
      ...DEFAULT_RULES,
      default: { ...DEFAULT_RULES.default, rule: 'most-complete' as const },
    };
    const matching = { ...DEFAULT_MATCH_RULES, limits: { ...DEFAULT_MATCH_RULES.limits, phone: 2 } };
    const same = [stored('a', 0)];
    expect(plan(same, [desired('a', 0)], { rules: { ...rules, survivorship } })).toMatchObject({
      recompute: true,
      rematch: false,
    });
    expect(plan(same, [desired('a', 0)], { rules: { ...rules, matching } })).toMatchObject({
      rematch: true,
      changes: [{ what: 'rules', details: [{ path: 'matching.limits.phone', before: '10', after: '2' }] }],
    });
  });
});
