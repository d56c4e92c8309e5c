import { must, shown, type Rule } from '../rule.js';

/** What users do to records between two reads. */
export const changeRules: readonly Rule[] = [
  {
    id: 'deletes',
    side: 'read',
    sentence: 'A record that a user deletes comes as a tombstone; the others stay.',
    remedy: 'Read the system’s list of deletions beside its changes, or compare its ids with `known.ids`.',
    needs: ['remove'],
    check: async (bench) => {
      const [gone = '', kept = ''] = await bench.seed(3);
      const copy = bench.copy();
      await copy.pull();
      await bench.system.remove?.(bench.object, gone);
      await bench.pullUntil(copy, () => copy.tombstones.has(gone));
      must(copy.tombstones.has(gone), () => `record ${gone} was deleted, and no tombstone came`);
      must(copy.records.has(kept), () => `record ${kept} was not deleted, and a tombstone came for it`);
    },
  },
  {
    id: 'undeletes',
    side: 'read',
    sentence: 'A record that was deleted and is brought back comes again, as it stands.',
    remedy:
      'Take the system’s news of restored records as a change, and let no tombstone of old come after it.',
    needs: ['remove', 'restore'],
    check: async (bench) => {
      const [id = ''] = await bench.seed(2);
      const copy = bench.copy();
      await copy.pull();
      await bench.system.remove?.(bench.object, id);
      await bench.pullUntil(copy, () => copy.tombstones.has(id));
      await bench.system.restore?.(bench.object, id);
      // As the hub held it before it heard of the deletion: only what comes now counts.
      copy.records.delete(id);
      await bench.pullUntil(copy, () => copy.records.has(id));
      must(copy.records.has(id), () => `record ${id} is back in the system, and did not come`);
      await copy.pull();
      await bench.expectAgreement(copy);
    },
  },
  {
    id: 'merges',
    side: 'read',
    sentence:
      'Of two records that a user merges, what is gone comes as a tombstone that names the one that stands.',
    remedy:
      'Give the tombstone `mergedInto`; systems tell it in the deleted row or in a list on the surviving record.',
    needs: ['merge'],
    check: async (bench) => {
      const [winner = '', loser = ''] = await bench.seed(3);
      const copy = bench.copy();
      await copy.pull();
      const standing = (await bench.system.merge?.(bench.object, winner, loser)) ?? winner;
      const named = (): boolean =>
        copy.tombstones.get(loser)?.mergedInto !== undefined && copy.records.has(standing);
      await bench.pullUntil(copy, named);
      for (const id of [winner, loser].filter((one) => one !== standing)) {
        const tombstone = copy.tombstones.get(id);
        must(tombstone !== undefined, () => `record ${id} was merged away, and no tombstone came`);
        must(
          tombstone.mergedInto === standing,
          () => `record ${id} was merged into ${standing}; its tombstone says ${shown(tombstone.mergedInto)}`,
        );
      }
      must(copy.records.has(standing), () => `record ${standing} stands for both, and is not there`);
      await bench.expectAgreement(copy);
    },
  },
  {
    id: 'links',
    side: 'read',
    sentence: 'When only what a record points at changes, that comes too.',
    remedy:
      'Many systems do not move the modified time then: read their feed of associations, or sweep the known records with `partial`.',
    needs: ['link'],
    check: async (bench) => {
      const { link = '' } = bench.specimen;
      const [id = ''] = await bench.seed(2);
      const target = (await bench.system.createTarget?.(bench.object)) ?? '';
      const copy = bench.copy();
      await copy.pull();
      must(
        copy.value(id, link) === null,
        () => `${link} points nowhere, and came as ${shown(copy.value(id, link))}`,
      );
      await bench.system.link?.(bench.object, id, target);
      await bench.pullUntil(copy, () => copy.value(id, link) !== null);
      const value = copy.value(id, link) as { readonly ref?: { readonly id?: string } } | null;
      must(
        value?.ref?.id === target,
        () => `${link} of ${id} points at ${target} now; what came is ${shown(value)}`,
      );
      await bench.system.link?.(bench.object, id, null);
      await bench.pullUntil(copy, () => copy.value(id, link) === null);
      must(
        copy.value(id, link) === null,
        () => `the link of ${id} was taken away; what came is ${shown(copy.value(id, link))}`,
      );
    },
  },
  {
    id: 'unreadable',
    side: 'read',
    sentence: 'A record that cannot be understood is told as such, and does not keep the others from coming.',
    remedy: 'Decode record by record; what fails goes into `unreadable` of the page with its id.',
    needs: ['spoil'],
    check: async (bench) => {
      const ids = await bench.seed(5);
      const [, , spoilt = ''] = ids;
      await bench.system.spoil?.(bench.object, spoilt);
      const copy = bench.copy();
      await copy.pull();
      const missing = ids.filter((id) => id !== spoilt && !copy.records.has(id));
      must(missing.length === 0, () => `because of one bad record these did not come: ${missing.join(', ')}`);
      must(copy.unreadable.size > 0, () => `record ${spoilt} cannot be understood, and nobody is told`);
    },
  },
];
