import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { ConnectorError } from '../../src/sdk/index.js';
import csv from './index.js';
import { idsOf, TestHub, type SettingsInput } from './testing.js';

describe('reading a file', () => {
  let folder: string;
  let path: string;
  let tick = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rapport-csv-test-'));
    path = join(folder, 'people.csv');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Writes the file as somebody did a while ago, each time a little later. */
  async function write(content: string | Buffer, to = path): Promise<void> {
    await writeFile(to, content);
    tick += 1;
    const time = new Date(Date.UTC(2026, 0, 1) + tick * 60_000);
    await utimes(to, time, time);
  }

  const hub = (change: Partial<SettingsInput> = {}): TestHub =>
    new TestHub({
      path,
      object: 'customer',
      idColumn: 'id',
      columns: { first: 'givenName', mail: 'email' },
      ...change,
    });

  const rows = (count: number, change: (index: number) => string = () => 'x'): string =>
    'id,first,mail\n' +
    Array.from({ length: count }, (_, index) => `${String(index).padStart(5, '0')},${change(index)},\n`).join(
      '',
    );

  async function failure(of: TestHub): Promise<ConnectorError> {
    const error: unknown = await of.pull().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConnectorError);
    return error as ConnectorError;
  }

  it('brings every row at first, and no page while the file stays the same', async () => {
    await write('id, first ,mail\n1,Anna,a@example.com\n2,Ben,\n');
    const people = hub();
    const first = await people.pull();
    expect(first.records).toMatchObject([
      {
        id: '1',
        values: { first: 'Anna', mail: 'a@example.com' },
        modifiedAt: expect.stringMatching(/^2026-01-01T/) as unknown,
      },
      { id: '2', values: { first: 'Ben', mail: null } },
    ]);
    expect((await people.pull()).pages).toBe(0);
  });

  it('brings no page for a file that was only touched, or written again as it was', async () => {
    await write('id,first,mail\n1,Anna,\n');
    const people = hub();
    await people.pull();
    await write('id,first,mail\n1,Anna,\n');
    expect((await people.pull()).pages).toBe(0);
  });

  it('brings of a changed file what changed, what is new and what is gone', async () => {
    await write('id,first,mail\n1,Anna,\n2,Ben,\n3,Cleo,\n');
    const people = hub();
    await people.pull();
    await write('id,first,mail\n4,Dora,\n3,Cleopatra,\n1,Anna,\n');
    const second = await people.pull();
    expect(idsOf(second.records)).toEqual(['4', '3']);
    expect(second.tombstones).toEqual([{ id: '2' }]);
  });

  it('sees a change that leaves size and time as they were, when the file was read too soon after writing', async () => {
    const people = hub();
    const now = new Date();
    await writeFile(path, 'id,first,mail\n1,Anna,\n');
    await utimes(path, now, now);
    await people.pull();
    await writeFile(path, 'id,first,mail\n1,Anne,\n');
    await utimes(path, now, now);
    expect(idsOf((await people.pull()).records)).toEqual(['1']);
  });

  it('reads everything again when asked to from the start, and when the settings change', async () => {
    await write(rows(3));
    const people = hub();
    await people.pull();
    people.cursor = null;
    expect((await people.pull()).records).toHaveLength(3);
    const other = hub({ where: { id: ['00001'] } });
    for (const [id, version] of people.stored) other.stored.set(id, version);
    other.cursor = people.cursor;
    expect((await other.pull()).tombstones).toEqual([{ id: '00000' }, { id: '00002' }]);
  });

  it('goes on behind the last stored page of the same file', async () => {
    await write(rows(3500));
    const people = hub();
    expect((await people.pull({ pages: 2 })).records).toHaveLength(2000);
    const rest = await people.pull();
    expect(idsOf(rest.records)[0]).toBe('02000');
    expect(rest.records).toHaveLength(1500);
    expect(people.stored.size).toBe(3500);
    expect((await people.pull()).pages).toBe(0);
  });

  it('starts anew when the file changed between two pages, and still loses nothing', async () => {
    await write(rows(2500));
    const people = hub();
    await people.pull({ pages: 1 });
    await write(rows(2400, (index) => (index === 5 ? 'y' : 'x')));
    const rest = await people.pull();
    expect(idsOf(rest.records)[0]).toBe('00005');
    expect(people.stored.size).toBe(2400);
    expect(rest.tombstones).toEqual([]);
  });

  it('brings tombstones in pages that can be resumed', async () => {
    await write(rows(2500));
    const people = hub();
    await people.pull();
    await write(rows(1));
    expect((await people.pull({ pages: 1 })).tombstones).toHaveLength(999);
    expect((await people.pull()).tombstones).toHaveLength(1500);
    expect([...people.stored.keys()]).toEqual(['00000']);
  });

  it('deletes nothing because a file became empty', async () => {
    await write(rows(3));
    const people = hub();
    await people.pull();
    for (const content of ['id,first,mail\n', '', '\n', 'id,first,mail\n,,\n,,\n']) {
      await write(content);
      expect(await failure(people)).toMatchObject({ kind: 'configuration', code: 'FILE_EMPTY' });
    }
    expect(people.stored.size).toBe(3);
    await write(rows(2));
    expect((await people.pull()).tombstones).toHaveLength(1);
  });

  it('reports rows that cannot be read by line, and brings the others', async () => {
    await write('id,first,mail\n1,Anna,\n2,Ben\n3,"Cleo,\n,Dora,\n1,Emma,\n6,"Fay",\n');
    const { records, unreadable } = await hub().pull();
    expect(idsOf(records)).toEqual(['1', '6']);
    expect(unreadable.map(({ id, message }) => [id, /line \d/.exec(message)?.[0]])).toEqual([
      ['2', 'line 3'],
      ['3', 'line 4'],
      ['line 5', 'line 5'],
      ['line 6', 'line 6'],
    ]);
  });

  it('takes no record for gone whose row is there and only cannot be read', async () => {
    await write('id,first,mail\n1,Anna,\n2,Ben,\n3,Cleo,\n4,Dora,\n');
    const people = hub();
    await people.pull();
    await write('id,first,mail\n1,"Anna,\n2,Ben\n3,Cl\ufffdo,\n');
    expect((await people.pull()).tombstones).toEqual([{ id: '4' }]);
  });

  it('takes no record for gone while a row does not tell whose it is', async () => {
    const columns = { first: 'givenName' };
    await write('first,id\nAnna,1\nBen,2\n');
    const people = hub({ columns });
    await people.pull();
    await write('first,id\n"Anna,1\n');
    const damaged = await people.pull();
    expect(damaged.tombstones).toEqual([]);
    expect(damaged.unreadable).toHaveLength(1);
    await write('first,id\nAnna,1\n');
    expect((await people.pull()).tombstones).toEqual([{ id: '2' }]);
  });

  it('reads tabs by the name of the file, and other delimiters and quotes as told', async () => {
    const tsv = join(folder, 'people.TSV');
    await write('id\tfirst\tmail\n1\tAnna, M.\t\n', tsv);
    expect((await hub({ path: tsv }).pull()).records).toMatchObject([
      { values: { first: 'Anna, M.', mail: null } },
    ]);
    await write("id;first;mail\r\n1;'An;na';\r\n");
    expect((await hub({ delimiter: ';', quote: "'" }).pull()).records).toMatchObject([
      { values: { first: 'An;na' } },
    ]);
  });

  it.each([
    ['utf-8', undefined, false],
    ['utf-8', undefined, true],
    ['utf-8', 'utf-8', true],
    ['latin1', 'latin1', false],
    ['windows-1252', 'windows-1252', false],
    ['utf-16le', 'utf-16le', false],
    ['utf-16le', 'utf-16le', true],
    ['utf-16le', undefined, true],
    ['utf-16be', undefined, true],
  ])('reads %s when told %s, with byte order mark: %s', async (written, encoding, addBOM) => {
    await write(iconv.encode('id,first,mail\n1,Zoë,\n2,"Mül\nler",\n', written, { addBOM }));
    const { records } = await hub({ encoding }).pull();
    expect(records).toMatchObject([
      { id: '1', values: { first: 'Zoë' } },
      { id: '2', values: { first: 'Mül\nler' } },
    ]);
  });

  it('reports rows with bytes that are no text in the encoding', async () => {
    await write(iconv.encode('id,first,mail\n1,Zoë,\n2,Ben,\n', 'latin1'));
    const { records, unreadable } = await hub().pull();
    expect(idsOf(records)).toEqual(['2']);
    expect(unreadable).toMatchObject([{ id: '1', property: 'first' }]);
  });

  it('says which setting and which column is wrong, and the nearest', async () => {
    await write('ID,first,e-mail\n1,Anna,\n');
    expect(await failure(hub())).toMatchObject({ kind: 'configuration', code: 'COLUMN_MISSING' });
    expect((await failure(hub())).message).toContain('"mail", named in the setting "columns"');
    expect((await failure(hub())).remedy).toContain('"e-mail"');
    expect((await failure(hub({ columns: { first: 'givenName' } }))).message).toContain(
      '"id", named in the setting "idColumn"',
    );
    await write('id,first,first\n1,Anna,\n');
    expect(await failure(hub({ columns: { first: 'givenName' } }))).toMatchObject({ code: 'COLUMN_DOUBLE' });
    await write('id,"first\n');
    expect(await failure(hub())).toMatchObject({ code: 'HEADER_UNREADABLE' });
  });

  it('says what is wrong with the path', async () => {
    expect(await failure(hub())).toMatchObject({ kind: 'configuration', code: 'FILE_ENOENT' });
    expect(await failure(hub({ path: folder }))).toMatchObject({ kind: 'configuration', code: 'NOT_A_FILE' });
  });

  it('stops when the signal aborts', async () => {
    await write(rows(10));
    const people = new TestHub(
      { path, object: 'customer', idColumn: 'id', columns: {} },
      { signal: AbortSignal.abort(new Error('stopped')) },
    );
    await expect(people.pull()).rejects.toThrow('stopped');
  });

  it('reads the file it opened to the end when another one takes its place', async () => {
    await write(rows(2500));
    const people = hub();
    const { object, properties } = people;
    const seen: string[] = [];
    for await (const page of csv.pull(people.context, { object, properties, cursor: null })) {
      if (seen.length === 0) {
        await write(rows(1), `${path}.new`);
        await rename(`${path}.new`, path);
      }
      seen.push(...idsOf(page.records));
    }
    expect(seen).toHaveLength(2500);
  });

  it('says so when somebody writes into the file while it is read, and deletes nothing', async () => {
    await write(rows(2500));
    const people = hub();
    await people.pull();
    await write(rows(2400, () => 'y'));
    const { object, properties, cursor } = people;
    const read = async (): Promise<void> => {
      for await (const page of csv.pull(people.context, { object, properties, cursor })) {
        expect(page.tombstones).toEqual([]);
        await write(rows(1));
      }
    };
    await expect(read()).rejects.toMatchObject({ kind: 'transient', code: 'FILE_CHANGED' });
  });

  it('checks reach and columns, and discovers the columns', async () => {
    expect(await csv.check(hub().context)).toMatchObject([
      { name: 'reach', status: 'failed', remedy: expect.any(String) as unknown },
    ]);
    await write('id,first,mail,other\n1,Anna,,\n');
    expect(await csv.check(hub().context)).toMatchObject([
      { name: 'reach', status: 'ok' },
      { name: 'columns', status: 'ok' },
    ]);
    expect(await csv.check(hub({ idColumn: 'nr' }).context)).toMatchObject([
      { status: 'ok' },
      { name: 'columns', status: 'failed' },
    ]);
    const [people] = await csv.discover(hub().context);
    expect(people?.properties.map(({ name }) => name)).toEqual(['id', 'first', 'mail', 'other']);
  });

  it('ends, whatever is edited in between, with exactly the rows of the file', async () => {
    const table = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd', 'e', '"', 'é ö'),
      fc.string({ maxLength: 6 }),
      { maxKeys: 6 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 5 }), async (versions) => {
        const people = hub({ columns: { first: 'givenName' } });
        let held = new Map<string, unknown>();
        for (const version of versions) {
          const sound = Object.entries(version).filter(
            ([, text]) => text.isWellFormed() && !text.includes('\0'),
          );
          if (sound.length === 0) continue;
          const quoted = sound.map((cells) =>
            cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','),
          );
          await write(`id,first\n${quoted.join('\n')}\n`);
          const { records, tombstones } = await people.pull();
          held = new Map(held);
          for (const record of records) held.set(record.id, record.values['first']);
          for (const { id } of tombstones) held.delete(id);
          expect(held).toEqual(new Map(sound.map(([id, text]) => [id, text.trim() === '' ? null : text])));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('holds of a large file no more than its ids and a page', async () => {
    const text = 'x'.repeat(600);
    await write(
      `id,first,mail\n${Array.from({ length: 100_000 }, (_, index) => `${String(index)},${text},\n`).join('')}`,
    );
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heldNow = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const people = hub();
    const { object, properties } = people;
    const before = heldNow();
    let most = 0;
    let pages = 0;
    for await (const page of csv.pull(people.context, { object, properties, cursor: null })) {
      expect(page.records).toHaveLength(pages === 100 ? 0 : 1000);
      pages += 1;
      if (pages % 20 === 0) most = Math.max(most, heldNow() - before);
    }
    expect(pages).toBe(101);
    expect(most).toBeLessThan(25_000_000);
  });
});
