import type { Bench } from '../bench.js';
import type { Copy } from '../copy.js';
import { must, shown, type Rule } from '../rule.js';

const UNICODE = [
  'Zoë Ångström',
  'e\u0301 and é',
  '\u5f35\u5049',
  'Ωμέγα Жук',
  '\u05e9\u05dc\u05d5\u05dd',
  '👩‍👩‍👧 🏳️‍🌈 𝔘',
  'İı ß ﬁ',
];
const ODD = [
  '0012',
  'true',
  'null',
  '1e5',
  '2026-01-31',
  '=1+1',
  `O'Neil \\ "quoted"`,
  '<b>&amp; %20 +</b>',
  "'; drop table x; --",
  'a;b,c|d\te',
  '[] {} ${x}',
];

/** Values as users have them, and not as examples do. */
export const valueRules: readonly Rule[] = [
  {
    id: 'blanks',
    side: 'read',
    sentence: 'What is blank is null: from the beginning, and when a user clears it.',
    remedy: 'Turn the system’s empty text into null, and don’t leave out what was read and is blank.',
    needs: [],
    check: async (bench) => {
      const { name, text } = bench.specimen;
      const [never = ''] = await bench.system.create(bench.object, [
        { ...bench.specimen.values(0), [text]: null },
      ]);
      const [cleared = ''] = await bench.seed(1, { from: 1 });
      const copy = bench.copy();
      await copy.pull();
      must(
        copy.value(never, text) === null,
        () => `${text} was never filled in, and came as ${shown(copy.value(never, text))}`,
      );
      await bench.edit(cleared, null);
      await bench.pullUntil(copy, () => copy.value(cleared, text) === null);
      must(
        copy.value(cleared, text) === null,
        () => `${text} was cleared, and came as ${shown(copy.value(cleared, text))}`,
      );
      must(copy.value(cleared, name) !== null, () => `${name} was not cleared, and came blank`);
    },
  },
  {
    id: 'unicode',
    side: 'read',
    sentence: 'Text in any script comes as it was written, letter by letter.',
    remedy:
      'Decode bytes as UTF-8 once the answer is whole; don’t normalise, and don’t cut inside of a letter.',
    needs: [],
    check: async (bench) => expectTexts(bench, UNICODE),
  },
  {
    id: 'odd-values',
    side: 'read',
    sentence: 'Long and odd text comes whole and as text: digits, markup, quotes, separators.',
    remedy:
      'Decode by the type that the system describes, never by what a value looks like; don’t cut or trim.',
    needs: [],
    check: async (bench) => {
      const { longest } = bench.specimen;
      const long = 'Long text, '.repeat(Math.ceil(longest / 11)).slice(0, longest - 1);
      await expectTexts(bench, [...ODD.map((text) => text.slice(0, longest)), `${long}.`]);
    },
  },
  {
    id: 'custom-fields',
    side: 'read',
    sentence: 'A property that an administrator adds is discovered, and read when the mapping asks for it.',
    remedy: 'Ask the system for its properties in `discover`, and for `request.properties` in `pull`.',
    needs: ['addProperty'],
    check: async (bench) => {
      const added = (await bench.system.addProperty?.(bench.object)) ?? '';
      const record = { ...bench.specimen.values(0), [added]: 'of our own' };
      const [id = ''] = await bench.system.create(bench.object, [record]);
      const described = await bench.connector.discover(bench.context());
      const property = described
        .find(({ object }) => object === bench.object)
        ?.properties.find(({ name }) => name === added);
      must(property !== undefined, () => `discover does not find ${added}`);
      must(property.custom, () => `discover does not say that ${added} is a custom property`);
      const copy = bench.copy([added]);
      await copy.pull();
      must(
        copy.value(id, added) === 'of our own',
        () => `${added} holds "of our own"; what came is ${shown(copy.value(id, added))}`,
      );
    },
  },
];

async function expectTexts(bench: Bench, texts: readonly string[]): Promise<void> {
  const { text } = bench.specimen;
  const records = texts.map((value, index) => ({ ...bench.specimen.values(index), [text]: value }));
  const ids = await bench.system.create(bench.object, records);
  const copy: Copy = bench.copy();
  await copy.pull();
  for (const [index, written] of texts.entries()) {
    const came = copy.value(ids[index] ?? '', text);
    must(came === written, () => `written ${shown(written)}, came ${shown(came)}`);
  }
}
