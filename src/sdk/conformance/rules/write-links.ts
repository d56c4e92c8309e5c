import type { Bench } from '../bench.js';
import { must, same, type Rule, shown } from '../rule.js';
import { expectStored } from './outcomes.js';

/** What records point at, when it is written. */
export const linkWriteRules: readonly Rule[] = [
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
];

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
