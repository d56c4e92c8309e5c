import type { PushOperation } from '../../index.js';
import { must, type Rule, shown } from '../rule.js';
import { expectStored, said } from './outcomes.js';

/** What stands in the way of a write, and what must not be written over. */
export const writeOutcomeRules: readonly Rule[] = [
  {
    id: 'bad-records',
    side: 'write',
    sentence:
      'A record that the system refuses is told with its property and remedy, and the others of the batch go on.',
    remedy: 'Read the outcome of each record; where one fails the batch, find it and send the others again.',
    needs: ['push', 'refused'],
    check: async (bench) => {
      const { refused, text } = bench.specimen;
      const { property, value } = refused ?? { property: '', value: null };
      const ids = await bench.seed(3, { from: 50 });
      const [, bad = ''] = ids;
      const operations: PushOperation[] = [
        bench.create(0),
        bench.create(1, { [property]: value }),
        bench.create(2),
        ...ids.map((id) => bench.update(id, { [text]: 'new', ...(id === bad && { [property]: value }) }, {})),
      ];
      const outcomes = await bench.push(operations, [property]);
      for (const { key } of operations) {
        const outcome = outcomes.get(key);
        if (key !== 'create-1' && key !== `update-${bad}`) {
          must(
            outcome?.status === 'stored',
            () => `beside a bad record, a good one (${key}) ends as ${said(outcome)}`,
          );
          continue;
        }
        must(
          outcome?.status === 'rejected',
          () => `${shown(value)} is refused as ${property}; the outcome is ${said(outcome)}`,
        );
        const [rejection] = outcome.rejections;
        must(
          rejection?.property === property,
          () =>
            `the rejection names ${shown(rejection?.property)} as the property at fault; it is ${property}`,
        );
        must(
          rejection.message !== '' && rejection.remedy !== '',
          () => 'the rejection has no message or no remedy',
        );
        must(
          !rejection.message.includes(typeof value === 'string' ? value : JSON.stringify(value)),
          () => 'the message of the rejection repeats the value',
        );
      }
      const made = [...(await bench.live()).values()].filter(({ id }) => !ids.includes(id));
      must(made.length === 2, () => `two good creates beside a bad one left ${String(made.length)} records`);
    },
  },
  {
    id: 'conditional-update',
    side: 'write',
    sentence:
      'An update writes the properties given, and nothing beside them that a user has changed meanwhile.',
    remedy: 'Send only `values`; don’t fill up the record from what was read or from `previous`.',
    needs: ['push'],
    check: async (bench) => {
      const { name, text } = bench.specimen;
      const [id = ''] = await bench.seed(1);
      const copy = bench.copy();
      await copy.pull();
      const previous = copy.records.get(id)?.values ?? {};
      await bench.edit(id, 'a user was here');
      const renamed = bench.specimen.values(7)[name] ?? null;
      await expectStored(bench, [bench.update(id, { [name]: renamed }, previous)]);
      const now = (await bench.live()).get(id)?.values;
      must(
        now?.[name] === renamed,
        () => `${name} was written as ${shown(renamed)}, the system holds ${shown(now?.[name])}`,
      );
      must(
        now[text] === 'a user was here',
        () =>
          `${text} was not to be written, and what a user wrote there meanwhile is ${shown(now[text])} now`,
      );
    },
  },
  {
    id: 'write-gone',
    side: 'write',
    sentence: 'An update of a record that was deleted says `gone`; nothing is made in its place.',
    remedy: 'Tell the system’s answer for a missing or deleted record from a refusal: the outcome is `gone`.',
    needs: ['push', 'remove'],
    check: async (bench) => {
      const [gone = '', kept = ''] = await bench.seed(2);
      await bench.system.remove?.(bench.object, gone);
      const change = { [bench.specimen.text]: 'late' };
      const outcomes = await bench.push([bench.update(gone, change, {}), bench.update(kept, change, {})]);
      const outcome = outcomes.get(`update-${gone}`);
      must(
        outcome?.status === 'gone',
        () => `record ${gone} was deleted; an update ends as ${said(outcome)}`,
      );
      must(
        outcomes.get(`update-${kept}`)?.status === 'stored',
        () => `the other record ends as ${said(outcomes.get(`update-${kept}`))}`,
      );
      const { size } = await bench.live();
      must(size === 1, () => `one record was left; there are ${String(size)} now`);
    },
  },
  {
    id: 'archive',
    side: 'write',
    sentence: 'An archived record is gone from the system; archiving it once more does no harm.',
    remedy:
      'Delete as the system’s users do, so that they can bring it back; gone already is `gone` or `stored`.',
    needs: ['push', 'remove'],
    check: async (bench) => {
      const [gone = '', kept = ''] = await bench.seed(2);
      const archive: PushOperation = { kind: 'archive', key: 'archive', id: gone };
      const first = (await bench.push([archive])).get('archive');
      must(first?.status === 'stored', () => `archiving ends as ${said(first)}`);
      const live = await bench.live();
      must(!live.has(gone), () => `record ${gone} was archived, and is still there`);
      must(live.has(kept), () => `record ${kept} was not to be archived, and is gone`);
      const second = (await bench.push([archive])).get('archive');
      must(
        second?.status === 'gone' || second?.status === 'stored',
        () => `archiving it once more ends as ${said(second)}`,
      );
    },
  },
  {
    id: 'conflict',
    side: 'write',
    sentence:
      'A create that meets a record with the same unique value says `conflict` and names that record.',
    remedy: 'Read the system’s answer for a duplicate; look the other record up where it is not named.',
    needs: ['push', 'unique'],
    check: async (bench) => {
      const { unique = '' } = bench.specimen;
      const [standing = ''] = await bench.seed(1);
      const taken = bench.specimen.values(0)[unique] ?? null;
      const outcome = (await bench.push([bench.create(1, { [unique]: taken })])).get('create-1');
      must(
        outcome?.status === 'conflict',
        () => `${unique} is taken by ${standing}; a create with it ends as ${said(outcome)}`,
      );
      must(
        outcome.existingId === standing,
        () => `the record in the way is ${standing}; the conflict names ${shown(outcome.existingId)}`,
      );
      const { size } = await bench.live();
      must(size === 1, () => `there was one record, there are ${String(size)} now`);
    },
  },
];
