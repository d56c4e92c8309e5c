import type { PropertyValues } from '../../index.js';
import { listed, must, same, type Rule, shown } from '../rule.js';
import { expectStored, said, type Stored } from './outcomes.js';

/** What a push does to a system that works. */
export const writeRules: readonly Rule[] = [
  {
    id: 'write-batch',
    side: 'write',
    sentence:
      'A batch as large as declared is done: one outcome for each operation, one record for each create.',
    remedy: 'Cut `operations` into the system’s own batches, and answer for each by its `key`.',
    needs: ['push'],
    check: async (bench) => {
      const count = bench.declaration().batch.push;
      const outcomes = await bench.push(Array.from({ length: count }, (_, n) => bench.create(n)));
      const bad = [...outcomes.values()].find(({ status }) => status !== 'stored');
      must(bad === undefined, () => `of ${String(count)} good creates one ends as ${said(bad)}`);
      const ids = new Set([...outcomes.values()].map((outcome) => (outcome as Stored).id));
      must(ids.size === count, () => `${String(count)} creates have ${String(ids.size)} different ids`);
      const live = await bench.live();
      must(
        live.size === count,
        () => `${String(count)} creates left ${String(live.size)} records in the system`,
      );
      const strange = [...ids].filter((id) => !live.has(id));
      must(strange.length === 0, () => `the outcomes name records that are not there: ${listed(strange)}`);
    },
  },
  {
    id: 'write-values',
    side: 'write',
    sentence: 'What is written stands in the system letter by letter; null clears.',
    remedy: 'Encode by the system’s own rules; send null as the system clears a value.',
    needs: ['push'],
    check: async (bench) => {
      const { text, longest } = bench.specimen;
      const texts = ['Zoë 張偉 👩‍👩‍👧', `O'Neil & "Co" <\\>`, '0012', 'x'.repeat(longest)].map((one) =>
        one.slice(0, longest),
      );
      const ids = await bench.seed(texts.length + 1);
      const changes = ids.map((id, index) => bench.update(id, { [text]: texts[index] ?? null }, {}));
      await expectStored(bench, changes);
      const live = await bench.live();
      for (const [index, id] of ids.entries()) {
        const there = live.get(id)?.values[text];
        const wanted = texts[index] ?? null;
        must(
          (there === '' || there === undefined ? null : there) === wanted,
          () => `written ${shown(wanted)}, the system holds ${shown(there)}`,
        );
      }
    },
  },
  {
    id: 'echo',
    side: 'write',
    sentence: 'What an outcome says is stored is what the next read says.',
    remedy:
      'Answer with the values as the system stored them (trimmed, lower-cased, filled in), never with those that were sent: else each push looks like somebody’s edit.',
    needs: ['push'],
    check: async (bench) => {
      const { text } = bench.specimen;
      const [id = ''] = await bench.seed(1, { from: 50 });
      const operations = [
        bench.create(0),
        bench.create(1, { [text]: '  spaced  ' }),
        bench.update(id, { [text]: ' Trimmed? ' }, {}),
      ];
      const outcomes = await expectStored(bench, operations);
      const copy = bench.copy();
      await bench.pullUntil(copy, () => outcomes.every((outcome) => copy.records.has(outcome.id)));
      for (const outcome of outcomes) expectEcho(outcome, copy.records.get(outcome.id)?.values);
      const asked = bench.properties();
      const made = outcomes.filter(({ key }) => key.startsWith('create'));
      const lacking = asked.filter((name) => made.some((outcome) => !(name in outcome.values)));
      must(
        lacking.length === 0,
        () => `the outcome of a create does not say what is stored as ${listed(lacking)}`,
      );
    },
  },
  {
    id: 'custom-writes',
    side: 'write',
    sentence: 'A property that an administrator added is written.',
    remedy: 'Take the description of properties from the system, not from a list in the code.',
    needs: ['push', 'addProperty'],
    check: async (bench) => {
      const added = (await bench.system.addProperty?.(bench.object)) ?? '';
      const [id = ''] = await bench.seed(1);
      const outcome = (await bench.push([bench.update(id, { [added]: 'ours' }, {})], [added])).get(
        `update-${id}`,
      );
      must(outcome?.status === 'stored', () => `writing ${added} ends as ${said(outcome)}`);
      const copy = bench.copy([added]);
      await copy.pull();
      must(
        copy.value(id, added) === 'ours',
        () => `"ours" was written as ${added}; what is read is ${shown(copy.value(id, added))}`,
      );
    },
  },
];

function expectEcho(outcome: Stored, read: PropertyValues | undefined): void {
  must(
    read !== undefined,
    () => `record ${outcome.id} was stored (${outcome.key}), and the next read does not bring it`,
  );
  for (const [name, value] of Object.entries(outcome.values))
    must(
      same(read[name], value),
      () =>
        `${outcome.key}: ${name} is said to be stored as ${shown(value)}; the next read says ${shown(read[name])}`,
    );
}
