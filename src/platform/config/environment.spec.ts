import fc from 'fast-check';
import { expand, maskReferences } from './environment.js';

const environment = { A: 'one', EMPTY: '', A_1: '${A}' };

describe('references to the environment', () => {
  it.each([
    ['${A}', 'one'],
    ['x${A}y${A}z', 'xoneyonez'],
    ['${EMPTY}', ''],
    ['${EMPTY:-two}', 'two'],
    ['${GONE:-two: three}', 'two: three'],
    ['${GONE:-}', ''],
    ['${A_1}', '${A}'],
    ['$${A}', '${A}'],
    ['$$${A}', '$${A}'],
    ['$A {A} $', '$A {A} $'],
    ['${A', '${A'],
  ])('%s becomes %s', (text, expected) => {
    expect(expand(text, environment)).toMatchObject({ text: expected, missing: [], malformed: 0 });
  });

  it('names what is missing, and counts what it cannot read', () => {
    expect(expand('${GONE} ${toString} ${A B} ${}', environment)).toMatchObject({
      missing: ['GONE', 'toString'],
      malformed: 2,
    });
  });

  it('are masked without moving a character, and unmasked as they were', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('${A}', '$${B:-x, y}', '{', '}', '\ue100', ' ', 'ä', '\n'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const masked = maskReferences(given);
        expect(masked.text).toHaveLength(given.length);
        expect(masked.text).not.toMatch(/\$\{[^{}\r\n]*\}/);
        expect(masked.unmask(masked.text)).toBe(given);
      }),
    );
  });
});
