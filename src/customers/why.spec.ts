import { survive, type FieldRule, type RuleName } from '../core/survivorship/index.js';
import { whyLost, whyWon, type Said } from './why.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const HOUR = 3_600_000;

const rule = (name: RuleName, order: readonly string[] = []): FieldRule => ({
  rule: name,
  order,
  blanks: 'win',
});

const said = (connection: string, more: Partial<Said> = {}): Said => ({
  connection,
  at: NOON,
  hub: connection === 'hub',
  upperBound: false,
  size: 5,
  ...more,
});

describe('why a claim lost', () => {
  it.each<[string, FieldRule, Said, Said, string]>([
    [
      'by being older',
      rule('most-recent'),
      said('hubspot', { at: NOON - 49 * HOUR }),
      said('salesforce'),
      'hubspot said so on 2026-02-27 11:00:00 UTC: 2 days earlier; the most recent wins.',
    ],
    [
      'by a tie',
      rule('most-recent'),
      said('hubspot'),
      said('salesforce'),
      'hubspot said so on 2026-03-01 12:00:00 UTC: at the same time; salesforce stands before it in the configuration, which breaks the tie.',
    ],
    [
      'by the order of sources, though it is newer',
      rule('source-priority', ['salesforce', 'hubspot']),
      said('hubspot', { at: NOON + HOUR }),
      said('salesforce'),
      'hubspot said so on 2026-03-01 13:00:00 UTC: salesforce comes before hubspot (salesforce, then hubspot).',
    ],
    [
      'by recency, where the order names neither',
      rule('source-priority', ['erp']),
      said('hubspot', { at: NOON - 60_000 }),
      said('salesforce'),
      'hubspot said so on 2026-03-01 11:59:00 UTC: 1 minute earlier; the most recent wins.',
    ],
    [
      'by saying less',
      rule('most-complete'),
      said('hubspot', { size: 2 }),
      said('salesforce'),
      'hubspot said so on 2026-03-01 12:00:00 UTC: less complete (2 against 5); the most complete wins.',
    ],
    [
      'by a person’s decision',
      rule('manual'),
      said('hubspot'),
      said('hub'),
      'hubspot said so on 2026-03-01 12:00:00 UTC: a person has decided otherwise in the hub.',
    ],
    [
      'by nobody’s decision',
      rule('manual'),
      said('hubspot', { at: NOON + HOUR }),
      said('salesforce'),
      "hubspot said so on 2026-03-01 13:00:00 UTC: nobody has decided yet; salesforce's value has been known 1 hour longer and stands until then.",
    ],
    [
      'with times that are only bounds',
      rule('most-recent'),
      said('hubspot', { at: NOON - 1, upperBound: true, size: 0 }),
      said('salesforce'),
      'hubspot cleared it on 2026-03-01 11:59:59 UTC at the latest: less than a second earlier; the most recent wins. The time of hubspot is only an upper bound, from first contact.',
    ],
  ])('%s', (_, by, loser, winner, sentence) => {
    expect(whyLost(by, loser, winner)).toBe(sentence);
  });
});

describe('why a claim won', () => {
  it('is plain when nobody says otherwise', () => {
    expect(whyWon(rule('most-recent'), said('crm'), 0)).toBe(
      'crm said so on 2026-03-01 12:00:00 UTC; nobody says otherwise.',
    );
  });

  it('names the place in the order', () => {
    expect(whyWon(rule('source-priority', ['crm', 'mail']), said('crm'), 1)).toContain(
      'the first of crm, then mail that says anything',
    );
    expect(whyWon(rule('source-priority', ['crm']), said('hub'), 1)).toContain(
      "a person's word in the hub goes before",
    );
    expect(whyWon(rule('source-priority', ['crm']), said('mail'), 1)).toContain('none of crm says anything');
  });
});

it('knows every rule there is', () => {
  for (const name of ['most-recent', 'source-priority', 'most-complete', 'union', 'manual'] as const) {
    const sources = ['a', 'b'].map((connection, position) => ({
      record: String(position),
      connection,
      position,
      hub: false,
      claims: {
        jobTitle: { value: connection.repeat(position + 1), at: position, origin: 'record' as const },
      },
    }));
    const rules = { default: rule(name), fields: { customer: {}, account: {} } };
    const golden = survive('customer', rules, sources)['jobTitle'];
    const [loser] = golden?.losers ?? [];
    expect(loser).toBeDefined();
    expect(
      whyLost(rule(name), said(loser?.connection ?? ''), said(golden?.winner.connection ?? '')),
    ).not.toBe('');
  }
});
