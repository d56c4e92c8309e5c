import type { PropertyValues, PushOperation, PushOutcome } from '../../index.js';
import type { Bench } from '../bench.js';
import { listed, must, same, type Rule, shown } from '../rule.js';

type Stored = Extract<PushOutcome, { status: 'stored' }>;

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
  {
    id: 'link-writes',
    side: 'write',
    sentence: 'What a record points at is written, changed and taken away.',
    remedy: 'Write links by the system’s own way for them; null takes one away.',
    needs: ['push', 'link'],
    check: async (bench) => {
      const { link = '' } = bench.specimen;
      const [id = ''] = await bench.seed(1);
      const object = linkedObject(bench, await describedLink(bench));
      for (const target of [await newTarget(bench), await newTarget(bench), null]) {
        const ref = target === null ? null : { ref: { object, id: target } };
        await expectStored(bench, [bench.update(id, { [link]: ref }, {})]);
        const copy = bench.copy();
        const points = (): boolean => same(copy.value(id, link), ref);
        await bench.pullUntil(copy, points);
        must(
          points(),
          () => `${link} was written as ${shown(ref)}; what is read is ${shown(copy.value(id, link))}`,
        );
      }
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

export function said(outcome: PushOutcome | undefined): string {
  if (outcome === undefined) return 'nothing';
  if (outcome.status === 'rejected')
    return `rejected (${outcome.rejections.map(({ code, message }) => `${code}: ${message}`).join('; ')})`;
  return 'message' in outcome ? `${outcome.status} (${outcome.message})` : outcome.status;
}

async function expectStored(bench: Bench, operations: readonly PushOperation[]): Promise<readonly Stored[]> {
  const outcomes = await bench.push(operations);
  return operations.map(({ key }) => {
    const outcome = outcomes.get(key);
    must(outcome?.status === 'stored', () => `${key} ends as ${said(outcome)}`);
    return outcome;
  });
}

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

async function newTarget(bench: Bench): Promise<string> {
  return (await bench.system.createTarget?.(bench.object)) ?? '';
}

async function describedLink(bench: Bench): Promise<readonly string[]> {
  const described = await bench.connector.discover(bench.context());
  const object = described.find(({ object: name }) => name === bench.object);
  return object?.properties.find(({ name }) => name === bench.specimen.link)?.references ?? [];
}

function linkedObject(bench: Bench, references: readonly string[]): string {
  const [object] = references;
  must(
    object !== undefined,
    () => `discover does not say which object ${String(bench.specimen.link)} points at (\`references\`)`,
  );
  return object;
}
