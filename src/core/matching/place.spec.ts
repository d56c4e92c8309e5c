import { candidatesOf, notSame, partition, placeAll, record, same, type Fields } from './place.fixture.js';
import { DEFAULT_MATCH_RULES } from './rules.js';

const bob: Fields = { givenName: 'Bob', familyName: 'Stone' };
const mail = (name: string): Fields => ({ email: `${name}@example.org` });
const phone: Fields = { phone: '+1 702 919 1300' };

describe('placing unlinked records', () => {
  it('makes one customer of each record that matches none', () => {
    const records = [record('crm:1', mail('a')), record('crm:2', mail('b'))];
    expect(placeAll({ records })).toEqual([
      { kind: 'create', records: [{ recordId: '1', rule: 'new' }] },
      { kind: 'create', records: [{ recordId: '2', rule: 'new' }] },
    ]);
  });

  it('makes one customer of records that match one another, through a third where need be', () => {
    const records = [
      record('crm:1', { ...bob, ...mail('a') }),
      record('hub:2', { ...bob, ...mail('a'), ...phone }),
      record('csv:3', { ...bob, ...phone }),
    ];
    expect(placeAll({ records })).toEqual([
      {
        kind: 'create',
        records: [
          { recordId: '1', rule: 'email' },
          { recordId: '2', rule: 'email' },
          { recordId: '3', rule: 'phone-name' },
        ],
      },
    ]);
  });

  it('links to the customer of a matching record', () => {
    const records = [record('crm:1', mail('a'), { goldenId: 'g1' }), record('hub:2', mail('a'))];
    expect(placeAll({ records, toPlace: ['2'] })).toEqual([
      { kind: 'link', recordId: '2', goldenId: 'g1', rule: 'email' },
    ]);
  });

  it('follows the strongest identifier, then the oldest customer', () => {
    const records = [
      record('crm:1', { ...bob, ...phone }, { goldenId: 'g1' }),
      record('crm:2', { ...bob, 'social.x': 'bob' }, { goldenId: 'g2' }),
      record('crm:3', { ...bob, ...mail('a') }, { goldenId: 'g3' }),
      record('crm:4', { ...bob, ...mail('b') }, { goldenId: 'g4' }),
      record('hub:5', { ...bob, ...phone, ...mail('a'), emails: ['b@example.org'], 'social.x': 'bob' }),
    ];
    const operations = placeAll({ records, toPlace: ['5'] });
    expect(operations[0]).toEqual({ kind: 'link', recordId: '5', goldenId: 'g3', rule: 'email' });
    // All three others have a record of their own in crm.
    expect(candidatesOf(operations)).toEqual(['1 5', '2 5', '4 5']);
    const older = [
      { goldenId: 'g4', createdAt: 1 },
      { goldenId: 'g3', createdAt: 2 },
    ];
    expect(placeAll({ records, toPlace: ['5'], ages: older })[0]).toMatchObject({ goldenId: 'g4' });
  });

  it('finds a record that another system names by its id, whatever the names', () => {
    const records = [
      record('crm:1', { givenName: 'Ann', familyName: 'Lee' }, { goldenId: 'g1' }),
      record('shop:2', { ...bob, ...mail('b'), 'xref.crm': '1' }),
      record('mail:3', { ...mail('b') }, { goldenId: 'g3' }),
    ];
    expect(placeAll({ records, toPlace: ['2'] })).toEqual([
      { kind: 'merge', survivor: 'g1', merged: 'g3', rule: 'email', reason: expect.any(String) as string },
      { kind: 'link', recordId: '2', goldenId: 'g1', rule: 'xref' },
    ]);
  });

  it('puts two records of one connection on one customer, unless the connection holds each person once', () => {
    const records = [record('crm:1', mail('a')), record('crm:2', mail('a'))];
    expect(partition(records, placeAll({ records }))).toEqual(['1 2']);
    const unique = placeAll({ records, uniqueConnections: new Set(['crm']) });
    expect(partition(records, unique)).toEqual(['1', '2']);
    expect(candidatesOf(unique)).toEqual(['1 2']);
  });

  it('lets a record made anew take the place of a deleted one in a connection that holds each person once', () => {
    const records = [record('crm:1', mail('a'), { goldenId: 'g1', live: false }), record('crm:2', mail('a'))];
    expect(placeAll({ records, toPlace: ['2'], uniqueConnections: new Set(['crm']) })).toEqual([
      { kind: 'link', recordId: '2', goldenId: 'g1', rule: 'email' },
    ]);
  });

  it('leaves unlinked records that are not to be placed for their own turn', () => {
    const records = [record('crm:1', mail('a')), record('hub:2', mail('a'))];
    expect(placeAll({ records, toPlace: ['1'] })).toEqual([
      { kind: 'create', records: [{ recordId: '1', rule: 'new' }] },
    ]);
  });

  it('puts no more records on one customer than the rules say', () => {
    const records = Array.from({ length: 5 }, (_, index) =>
      record(`c${String(index)}:${String(index + 1)}`, { ...bob, ...mail('a') }),
    );
    const operations = placeAll({ records, rules: { ...DEFAULT_MATCH_RULES, maxCluster: 3 } });
    expect(partition(records, operations).map((group) => group.split(' ').length)).toEqual([3, 2]);
    expect(candidatesOf(operations)).toHaveLength(1);
  });
});

describe('what many share', () => {
  const crowd = (count: number, fields: (index: number) => Fields) =>
    Array.from({ length: count }, (_, index) =>
      record(`c${String(index)}:${String(index + 100)}`, fields(index)),
    );
  const names = ['Ada', 'Ben', 'Cora', 'Dirk', 'Ewan', 'Faye', 'Gus', 'Hedy', 'Igor', 'Jade', 'Kirk', 'Lola'];

  it('is no evidence beyond its limit: nobody is joined, nobody asked', () => {
    const records = crowd(12, (index) => ({
      givenName: names[index] ?? '',
      familyName: 'Moss',
      ...mail('all.of.us'),
    }));
    const operations = placeAll({ records });
    expect(partition(records, operations)).toHaveLength(12);
    expect(candidatesOf(operations)).toEqual([]);
  });

  it('does not count one person whom many records name', () => {
    const records = crowd(12, () => ({ ...bob, ...mail('a') }));
    expect(partition(records, placeAll({ records }))).toHaveLength(1);
  });

  it('does not count records that are gone', () => {
    const gone = crowd(11, (index) => ({
      givenName: names[index] ?? '',
      familyName: 'Moss',
      ...mail('a'),
    })).map((one) => ({ ...one, live: false }));
    const records = [
      ...gone,
      record('x:1', { ...bob, ...mail('a') }),
      record('y:2', { ...bob, ...mail('a') }),
    ];
    expect(partition(records, placeAll({ records }))).toContain('1 2');
  });

  it('is no evidence when its holders were too many to load', () => {
    const records = [record('crm:1', mail('a')), record('hub:2', mail('a'))];
    expect(partition(records, placeAll({ records, crowded: new Set(['email a@example.org']) }))).toEqual([
      '1',
      '2',
    ]);
  });
});

describe('placing linked records', () => {
  it('never makes a customer of one whose e-mail changed, nor moves it', () => {
    const records = [
      record('crm:1', mail('new'), { goldenId: 'g1' }),
      record('hub:2', mail('old'), { goldenId: 'g1' }),
    ];
    expect(placeAll({ records, toPlace: ['1'] })).toEqual([]);
  });

  it('merges customers whose records match now; the oldest survives', () => {
    const records = [
      record('crm:1', mail('a'), { goldenId: 'old' }),
      record('hub:2', mail('a'), { goldenId: 'aged' }),
    ];
    const ages = [
      { goldenId: 'old', createdAt: 1 },
      { goldenId: 'aged', createdAt: 2 },
    ];
    expect(placeAll({ records, ages, toPlace: ['2'] })).toEqual([
      { kind: 'merge', survivor: 'old', merged: 'aged', rule: 'email', reason: 'Same e-mail address.' },
    ]);
  });

  it('asks a person when each has a live record in the same system', () => {
    const records = [
      record('crm:1', mail('a'), { goldenId: 'g1' }),
      record('hub:2', mail('b'), { goldenId: 'g1' }),
      record('hub:3', mail('a'), { goldenId: 'g2' }),
    ];
    const operations = placeAll({ records, toPlace: ['1'] });
    expect(operations).toEqual([
      expect.objectContaining({ kind: 'candidate', a: '1', b: '3', rule: 'email' }),
    ]);
  });

  it('merges when the record in the same system is gone', () => {
    const records = [
      record('crm:1', mail('a'), { goldenId: 'g1' }),
      record('hub:2', mail('b'), { goldenId: 'g1', live: false }),
      record('hub:3', mail('a'), { goldenId: 'g2' }),
    ];
    expect(placeAll({ records, toPlace: ['1'] })).toEqual([
      expect.objectContaining({ kind: 'merge', survivor: 'g1', merged: 'g2' }),
    ]);
  });

  it('merges three into the oldest, each named once', () => {
    const records = [
      record('crm:1', { ...bob, ...mail('a') }, { goldenId: 'g1' }),
      record('hub:2', { ...bob, ...mail('b') }, { goldenId: 'g2' }),
      record('csv:3', { ...bob, email: 'a@example.org', emails: ['b@example.org'] }, { goldenId: 'g3' }),
    ];
    const merges = placeAll({ records, toPlace: ['3'] }).map((one) =>
      one.kind === 'merge' ? [one.survivor, one.merged] : one,
    );
    expect(merges).toEqual([
      ['g1', 'g2'],
      ['g1', 'g3'],
    ]);
  });
});

describe('chains', () => {
  it('ties no two customers by evidence weaker than what puts the record elsewhere', () => {
    const records = [
      record('crm:1', { ...bob, ...mail('a') }, { goldenId: 'g1' }),
      record('csv:2', { ...bob, ...phone, ...mail('z') }, { goldenId: 'g2' }),
      record('erp:3', { ...bob, ...mail('z') }, { goldenId: 'g2' }),
      record('hub:4', { ...bob, ...mail('a'), ...phone }),
    ];
    const operations = placeAll({ records, toPlace: ['4'] });
    expect(partition(records, operations)).toEqual(['1 4', '2 3']);
    expect(candidatesOf(operations)).toEqual(['2 4']);
  });

  it('brings father and son together by no third record that could be either', () => {
    const records = [
      record('crm:1', { givenName: 'Rob', familyName: 'Stone Sr', ...mail('a') }),
      record('hub:2', { ...bob, ...mail('a') }),
      record('csv:3', { givenName: 'Rob', familyName: 'Stone', suffix: 'Jr', ...mail('a') }),
    ];
    const operations = placeAll({ records });
    expect(partition(records, operations)).toEqual(['1 2', '3']);
    expect(candidatesOf(operations)).toHaveLength(1);
  });

  it('brings companies of one name and other domains together by no third record without one', () => {
    const account = { entity: 'account' } as const;
    const records = [
      record('crm:1', { name: 'Acme', domain: 'acme.example' }, account),
      record('hub:2', { name: 'Acme' }, account),
      record('csv:3', { name: 'Acme', domain: 'acme.test' }, account),
    ];
    expect(partition(records, placeAll({ records }))).toEqual(['1 2', '3']);
  });

  it('lets a record that a person put on a customer not object to those that match the others there', () => {
    const records = [
      record('crm:1', { ...bob, ...mail('a') }, { goldenId: 'g1' }),
      record('crm:2', { givenName: 'Mary', familyName: 'Jones' }, { goldenId: 'g1' }),
      record('hub:3', { ...bob, ...mail('a') }),
    ];
    expect(placeAll({ records, toPlace: ['3'] })).toEqual([
      { kind: 'link', recordId: '3', goldenId: 'g1', rule: 'email' },
    ]);
  });
});

describe("people's words", () => {
  it('join what shares nothing, in one unique connection too', () => {
    const records = [
      record('crm:1', mail('a'), { goldenId: 'g1' }),
      record('crm:2', { givenName: 'Ann' }, { goldenId: 'g2' }),
      record('crm:3', mail('c')),
    ];
    const operations = placeAll({
      records,
      decisions: [same('2', '1'), same('3', '2')],
      uniqueConnections: new Set(['crm']),
    });
    expect(partition(records, operations)).toEqual(['1 2 3']);
  });

  it('keep apart what matches, for good and without asking again', () => {
    const records = [record('crm:1', mail('a'), { goldenId: 'g1' }), record('hub:2', mail('a'))];
    const operations = placeAll({ records, decisions: [notSame('2', '1')] });
    expect(operations).toEqual([{ kind: 'create', records: [{ recordId: '2', rule: 'new' }] }]);
  });

  it('keep apart whole customers, not only the two records', () => {
    const records = [
      record('crm:1', mail('a'), { goldenId: 'g1' }),
      record('hub:2', mail('b'), { goldenId: 'g1' }),
      record('csv:3', { email: 'c@example.org', emails: ['a@example.org'] }, { goldenId: 'g3' }),
    ];
    expect(placeAll({ records, decisions: [notSame('2', '3')] })).toEqual([]);
  });

  it('that contradict one another are asked for again', () => {
    const records = [record('crm:1', mail('a')), record('hub:2', mail('b')), record('csv:3', mail('c'))];
    const operations = placeAll({ records, decisions: [same('1', '2'), same('2', '3'), notSame('1', '3')] });
    expect(partition(records, operations)).toEqual(['1 2', '3']);
    expect(candidatesOf(operations)).toEqual(['2 3']);
  });
});

describe('candidates', () => {
  it('are one for each two customers, by the strongest evidence', () => {
    const family = { ...mail('home'), ...phone };
    const records = [
      record('crm:1', { givenName: 'Mary', familyName: 'Moss', ...family }, { goldenId: 'g1' }),
      record('hub:2', { givenName: 'Mary', familyName: 'Moss', ...family }, { goldenId: 'g1' }),
      record('crm:3', { givenName: 'Mark', familyName: 'Moss', ...family }),
      record('hub:4', { givenName: 'Mark', familyName: 'Moss', ...family }),
    ];
    const operations = placeAll({ records });
    expect(partition(records, operations)).toEqual(['1 2', '3 4']);
    expect(operations.filter((one) => one.kind === 'candidate')).toEqual([
      {
        kind: 'candidate',
        a: '1',
        b: '3',
        rule: 'email',
        reason: "Same e-mail address, but the names are two people's.",
      },
    ]);
  });

  it('are not asked about records that are gone everywhere', () => {
    const records = [
      record('crm:1', { givenName: 'Mary', ...mail('a') }, { goldenId: 'g1', live: false }),
      record('hub:2', { givenName: 'Mark', ...mail('a') }),
    ];
    expect(candidatesOf(placeAll({ records }))).toEqual([]);
  });
});
