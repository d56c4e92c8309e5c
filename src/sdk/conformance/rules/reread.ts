import { listed, must, type Rule, shown } from '../rule.js';

/** Reading records by id: before they are overwritten, and when a webhook has named them. */
export const rereadRules: readonly Rule[] = [
  {
    id: 'reread',
    side: 'read',
    sentence: 'Records read by id come as they are now; a batch as large as declared is taken.',
    remedy: 'Ask the system each time, not a cache, and cut the ids into the system’s own batches.',
    needs: ['read'],
    check: async (bench) => {
      const { read } = bench.declaration().batch;
      const count = Math.min(read, bench.many);
      const ids = await bench.seed(count);
      const [first = '', last = ids.at(-1) ?? ''] = [ids[0], ids.at(-1)];
      const copy = bench.copy();
      await copy.read(ids);
      const missing = ids.filter((id) => !copy.records.has(id));
      must(
        missing.length === 0,
        () =>
          `of ${String(count)} records asked for by id, ${String(missing.length)} did not come: ${listed(missing)}`,
      );
      await bench.edit(first, 'edited since');
      await bench.edit(last, 'edited since');
      await copy.read([first, last]);
      await bench.expectAgreement(copy);
    },
  },
  {
    id: 'reread-gone',
    side: 'read',
    sentence: 'A record that is gone is no record when it is read by id, and the others of the batch come.',
    remedy: 'Answer with a tombstone, or leave the id out; one missing id must not fail the call.',
    needs: ['read', 'remove'],
    check: async (bench) => {
      const [gone = '', kept = ''] = await bench.seed(2);
      await bench.system.remove?.(bench.object, gone);
      const copy = bench.copy();
      await copy.read([gone, kept]);
      must(
        !copy.records.has(gone),
        () => `record ${gone} was deleted, and comes as ${shown(copy.records.get(gone)?.values)}`,
      );
      must(copy.records.has(kept), () => `record ${kept} is there, and did not come`);
    },
  },
  {
    id: 'reread-merged',
    side: 'read',
    sentence: 'A record that was merged away says into which one when it is read by id.',
    remedy:
      'Give `read`’s tombstone `mergedInto`; some systems answer with the surviving record: look at its id.',
    needs: ['read', 'merge'],
    check: async (bench) => {
      const [winner = '', loser = ''] = await bench.seed(2);
      const standing = (await bench.system.merge?.(bench.object, winner, loser)) ?? winner;
      const copy = bench.copy();
      await copy.read([loser, standing]);
      must(
        !copy.records.has(loser),
        () => `record ${loser} was merged away, and comes as a record of its own`,
      );
      const { mergedInto } = copy.tombstones.get(loser) ?? {};
      must(
        mergedInto === standing,
        () => `record ${loser} was merged into ${standing}; its tombstone says ${shown(mergedInto)}`,
      );
    },
  },
];
