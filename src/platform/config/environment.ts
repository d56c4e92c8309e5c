/**
 * References to the environment in the text of the file: `${NAME}`, `${NAME:-default}`; `$${` writes `${`. A variable
 * may be given by file: see {@link variableOf}.
 *
 * YAML takes braces in `{ key: ${NAME} }` for its own, so references are masked before it reads the text, character
 * for character (places stay right), and expanded in the scalars it hands back.
 */
import { EnvironmentFileError, variableOf, type Environment } from '../environment-file.js';

const REFERENCE = /\$?\$\{[^{}\r\n]*\}/g;
const NAMED = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?\}$/;

/** Blocks of 128 private characters; one that the text itself does not use serves as the mask. */
const BLOCKS = Array.from({ length: 40 }, (_, index) => 0xe100 + index * 0x80);

export interface Masked {
  readonly text: string;
  /** Puts the references back as they were written. */
  unmask(masked: string): string;
}

export function maskReferences(text: string): Masked {
  const used = new Set<number>();
  for (let index = 0; index < text.length; index += 1) used.add(text.charCodeAt(index) >> 7);
  const base = BLOCKS.find((block) => !used.has(block >> 7));
  if (base === undefined) return { text, unmask: (masked) => masked };
  const shift = (part: string, by: number, from: number): string =>
    part.replace(/[\s\S]/g, (char) => {
      const code = char.charCodeAt(0);
      return code >= from && code < from + 0x80 ? String.fromCharCode(code + by) : char;
    });
  return {
    text: text.replace(REFERENCE, (reference) => shift(reference, base, 0)),
    unmask: (masked) => shift(masked, -base, base),
  };
}

export interface Expanded {
  readonly text: string;
  /** Whether anything came out of the environment: such text is never shown. */
  readonly expanded: boolean;
  readonly missing: readonly string[];
  /** Variables given by a file that cannot be used. */
  readonly unusable: readonly EnvironmentFileError[];
  /** References that cannot be read, without what they hold. */
  readonly malformed: number;
}

export function expand(text: string, environment: Environment): Expanded {
  const missing: string[] = [];
  const unusable: EnvironmentFileError[] = [];
  let malformed = 0;
  let expanded = false;
  const result = text.replace(REFERENCE, (reference) => {
    if (reference.startsWith('$$')) return reference.slice(1);
    expanded = true;
    const [, name, fallback] = NAMED.exec(reference) ?? [];
    if (name === undefined) {
      malformed += 1;
      return '';
    }
    let value: string | undefined;
    try {
      value = variableOf(environment, name);
    } catch (error) {
      if (!(error instanceof EnvironmentFileError)) throw error;
      unusable.push(error);
      return '';
    }
    // As in a shell: with a default, an empty variable counts as none.
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value === undefined) missing.push(name);
    return value ?? '';
  });
  return { text: result, expanded, missing, unusable, malformed };
}
