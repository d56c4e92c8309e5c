import type { Bench } from '../bench.js';
import type { PullPage } from '../../index.js';
import { listed, must, type Rule, RuleBroken } from '../rule.js';

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)$/;

/** How far a read gets: pages, cursors, and what happens meanwhile. */
export const pagingRules: readonly Rule[] = [
  {
    id: 'declared',
    side: 'read',
    sentence:
      'Settings, objects and mappings are as declared: check passes, discover finds each mapped property.',
    remedy:
      'Bring `objects`, `discover` and `check` in line with each other; see "What it declares" in the guide.',
    needs: [],
    check: async (bench) => {
      const items = await bench.connector.check(bench.context());
      const failed = items.find(({ status }) => status === 'failed');
      must(failed === undefined, () => `check fails on a system that works: ${failed?.message ?? ''}`);
      const described = await bench.connector.discover(bench.context());
      const object = described.find(({ object: name }) => name === bench.object);
      must(object !== undefined, () => `discover does not describe the object "${bench.object}"`);
      const known = new Map(object.properties.map((property) => [property.name, property]));
      const unknown = bench.properties().filter((name) => !known.has(name));
      must(
        unknown.length === 0,
        () => `the mapping names properties that discover does not find: ${listed(unknown)}`,
      );
      if (bench.connector.push === undefined) return;
      const pushed = bench
        .declaration()
        .mapping.filter(({ direction }) => direction === 'both' || direction === 'push');
      const locked = pushed.filter(({ property }) => known.get(property)?.writable === false);
      must(
        locked.length === 0,
        () =>
          `the mapping writes what discover calls not writable: ${listed(locked.map(({ property }) => property))}`,
      );
    },
  },
  {
    id: 'form',
    side: 'read',
    sentence:
      'A page holds what the contract says: text ids, times in UTC, JSON values, a cursor that survives JSON.',
    remedy: 'Decode at the border; the types in record.ts say what each value is.',
    needs: [],
    check: async (bench) => {
      await bench.seed(3);
      const before = bench.clock.now();
      const copy = bench.copy();
      const asked = new Set(bench.properties());
      await copy.pull({
        onPage: (page) => {
          expectForm(page, asked, { before, now: bench.clock.now() });
        },
      });
      must(copy.records.size === 3, () => `of 3 records ${String(copy.records.size)} came`);
    },
  },
  {
    id: 'paging',
    side: 'read',
    sentence: 'A full read brings every record, over as many pages as it takes.',
    remedy: 'Follow the system to its last page; let no page end the read because it is short or empty.',
    needs: [],
    check: async (bench) => {
      const { page } = bench.specimen;
      // Exactly a page: the edge where ends are missed.
      await bench.seed(page);
      const edge = bench.copy();
      await edge.pull();
      await bench.expectAgreement(edge);
      await bench.seed(bench.many - page, { from: page });
      const copy = bench.copy();
      const pages = await copy.pull();
      await bench.expectAgreement(copy);
      must(
        pages > 1,
        () =>
          `${String(bench.many)} records came on one page: raise \`page\` of the specimen, or bound the pages`,
      );
    },
  },
  {
    id: 'resume',
    side: 'read',
    sentence:
      'A read stopped after any page goes on from that page’s cursor in another process, and misses nothing.',
    remedy: 'Give each page the cursor behind its own last record; keep nothing of the position in memory.',
    needs: [],
    check: async (bench) => {
      const first = await bench.seed(bench.many);
      await stopEverywhere(bench, () => bench.copy());
      const read = bench.copy();
      await read.pull();
      for (const id of first.slice(0, bench.specimen.page + 2))
        await bench.edit(id, `edited ${id}`.slice(0, bench.specimen.longest));
      await stopEverywhere(bench, () => read.clone());
    },
  },
  {
    id: 'ties',
    side: 'read',
    sentence: 'More records than a page, all changed at the same instant, come all.',
    remedy:
      'Read on by time and id together (a keyset), or by id within a window of time; never by time alone.',
    needs: [],
    check: async (bench) => {
      await bench.seed(2);
      const copy = bench.copy();
      await copy.pull();
      // Later than all before, whatever the system's resolution.
      const at = new Date(Math.ceil((Date.now() + 1) / 1000) * 1000).toISOString();
      await bench.seed(bench.many, { from: 10, at });
      await bench.pullUntil(copy, () => copy.records.size >= bench.many + 2);
      await bench.expectAgreement(copy);
    },
  },
  {
    id: 'moving',
    side: 'read',
    sentence: 'Records made and changed while a read is under way are right at the end of the next one.',
    remedy:
      'Walk by a key that a change cannot shift (never by offset), and begin the next read where this one began, not where it ended.',
    needs: [],
    check: async (bench) => {
      const ids = await bench.seed(bench.many);
      const copy = bench.copy();
      await copy.pull({
        onPage: async (page, number) => {
          if (number > 3) return;
          const [passed] = page.records;
          const coming = ids[ids.length - number];
          if (passed !== undefined) await bench.edit(passed.id, `passed ${String(number)}`);
          if (coming !== undefined) await bench.edit(coming, `coming ${String(number)}`);
          await bench.seed(1, { from: bench.many + number });
        },
      });
      await bench.pullUntil(copy, () => false);
      await bench.expectAgreement(copy);
    },
  },
];

/** Stops a read after its first page, its second, and so on; each time another process takes it to the end. */
async function stopEverywhere(bench: Bench, start: () => ReturnType<Bench['copy']>): Promise<void> {
  for (let stop = 1; ; stop += 1) {
    const copy = start();
    const pages = await copy.pull({ pages: stop });
    await copy.pull();
    try {
      await bench.expectAgreement(copy);
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      throw new RuleBroken(`stopped after page ${String(stop)}: ${error.message}`);
    }
    if (pages < stop) return;
  }
}

function expectForm(
  page: PullPage<unknown>,
  asked: ReadonlySet<string>,
  time: { readonly before: number; readonly now: number },
): void {
  must(
    page.readAt >= time.before && page.readAt <= time.now,
    () => 'readAt is not the instant (ms, hub’s clock) just before the request',
  );
  const ids: readonly unknown[] = [...page.records, ...page.tombstones].map(({ id }) => id);
  must(
    ids.every((id) => typeof id === 'string' && id !== ''),
    () => 'an external id is not a text, or empty',
  );
  for (const record of page.records) {
    must(
      UTC.test(record.modifiedAt),
      () => `modifiedAt of ${record.id} is not ISO 8601 in UTC: ${record.modifiedAt}`,
    );
    must(
      record.createdAt === undefined || UTC.test(record.createdAt),
      () => `createdAt of ${record.id} is not ISO 8601 in UTC`,
    );
    for (const [property, at] of Object.entries(record.times ?? {}))
      must(UTC.test(at), () => `the time of ${property} of ${record.id} is not ISO 8601 in UTC: ${at}`);
    must(
      JSON.stringify(record.values) === JSON.stringify(JSON.parse(JSON.stringify(record.values))) &&
        Object.values(record.values).every((value) => (value as unknown) !== undefined),
      () => `a value of ${record.id} is no JSON; leave out what was not read`,
    );
    const lacking = record.partial === true ? [] : [...asked].filter((name) => !(name in record.values));
    must(
      lacking.length === 0,
      () => `of what was asked for, ${record.id} has no ${listed(lacking)}: blank is null`,
    );
  }
}
