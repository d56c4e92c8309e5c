import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PageSpool, type SpooledPage } from './page-spool.js';

const page = (id: string): SpooledPage => ({
  records: [{ id, values: { name: 'Zoë\u2028\r\n' }, modifiedAt: '2026-01-01T00:00:00Z' }],
  tombstones: [],
  readAt: 1,
  clockOffsetMs: 0,
});

describe('spooled pages', () => {
  const before = process.env['TMPDIR'];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spool-'));
    process.env['TMPDIR'] = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true });
  });

  it('come back as they were, as often as they are asked for, and no file is there to be left behind', async () => {
    const spool = await PageSpool.create();
    const read = async (): Promise<SpooledPage[]> => {
      const pages: SpooledPage[] = [];
      for await (const one of spool.pages()) pages.push(one);
      return pages;
    };
    expect(await read()).toEqual([]);
    await spool.add(page('1'));
    expect(await read()).toEqual([page('1')]);
    await spool.add(page('2'));
    expect(await read()).toEqual([page('1'), page('2')]);
    expect(readdirSync(folder)).toEqual([]);
    await spool.close();
  });
});
