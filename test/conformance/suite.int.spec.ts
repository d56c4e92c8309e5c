import type { ConformanceTarget } from '../../src/sdk/conformance/index.js';
import { failures, formatReport, RULES, runConformance } from '../../src/sdk/conformance/index.js';
import target from '../../templates/connector/conformance.js';
import { good } from './bend.js';
import { DEFECTS } from './defects.js';

/** People have all that the rules look for. */
const people = { ...target, objects: target.objects.filter(({ object }) => object === 'person') };

describe('the conformance suite', () => {
  it('finds nothing wrong with a correct connector', async () => {
    const report = await runConformance({ ...people, connector: good });
    expect(failures(report)).toEqual([]);
    expect(report.results.map(({ result }) => result)).toEqual(RULES.map(() => 'passed'));
  });

  it('has a broken connector for each rule', () => {
    expect(Object.keys(DEFECTS)).toEqual(RULES.map(({ id }) => id));
  });

  it.each(Object.keys(DEFECTS))(
    'is failed at the rule "%s", and at no other one, by the connector that breaks it',
    async (id) => {
      const connector = DEFECTS[id] ?? good;
      const failed = failures(await runConformance({ ...people, connector }));
      expect(failed.map(({ rule, cause }) => `${rule}: ${String(cause)}`)).toEqual([
        expect.stringMatching(`^${id}: `),
      ]);
      expect(failed[0]?.remedy).toMatch(/\w/);
    },
  );

  it('fails a rule that the harness cannot drive, unless the target says why', async () => {
    const bare: ConformanceTarget = {
      ...people,
      open: async () => {
        return without(await target.open(), 'merge');
      },
    };
    const silent = await runConformance(bare, { rules: ['merges'] });
    expect(silent.results).toMatchObject([
      { result: 'failed', cause: expect.stringContaining('`merge`') as string },
    ]);
    const declared = await runConformance(
      { ...bare, cannot: { merge: 'nobody merges here' } },
      { rules: ['merges'] },
    );
    expect(declared.results).toMatchObject([{ result: 'does not apply', cause: 'nobody merges here' }]);
  });

  it('tells by the connector’s functions what does not apply', async () => {
    const readOnly = without(good, 'push', 'webhook', 'read', 'stream');
    const report = await runConformance({ ...people, connector: readOnly });
    expect(failures(report)).toEqual([]);
    const inapplicable = report.results.filter(({ result }) => result === 'does not apply');
    expect(new Set(inapplicable.map(({ side }) => side))).toEqual(
      new Set(['read', 'write', 'webhook', 'stream']),
    );
    expect(inapplicable.find(({ rule }) => rule === 'echo')?.cause).toContain('read only');
  });

  it('fails a rule whose fault nobody met', async () => {
    const calm: ConformanceTarget = {
      ...people,
      open: async () => ({ ...(await target.open()), throttle: () => Promise.resolve() }),
    };
    const report = await runConformance(calm, { rules: ['throttled'] });
    expect(report.results).toMatchObject([{ result: 'failed', cause: 'no call met the fault' }]);
  });

  it('ends a rule that never ends', async () => {
    const connector = { ...good, check: () => new Promise<never>(() => undefined) };
    const report = await runConformance({ ...people, connector }, { rules: ['declared'], limitMs: 50 });
    expect(report.results).toMatchObject([{ result: 'failed', cause: 'it did not end within 0.05 s' }]);
  });

  it('prints a table that a person can read, with cause and remedy of each failure', async () => {
    const connector = DEFECTS['merges'] ?? good;
    const report = await runConformance({ ...target, connector }, { rules: ['merges', 'links'] });
    const lines = formatReport(report)
      .split('\n')
      .map((line) => line.replace(/ +\d+ ms/, ' 7 ms'));
    expect(lines[0]).toBe('Example CRM: conformance');
    expect(lines).toContainEqual(
      expect.stringMatching(/^merges +failed +7 ms +record person-000002 was merged into/),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^links +does not apply +a company points at nothing$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}remedy {2}Give the tombstone/));
    expect(lines.at(-1)).toBe('1 passed, 2 failed, 1 do not apply');
  });
});

function without<T extends object>(whole: T, ...names: readonly (keyof T)[]): T {
  const gone = new Set<unknown>(names);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !gone.has(name))) as T;
}
