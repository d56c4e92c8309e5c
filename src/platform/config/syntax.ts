import type { ErrorCode } from 'yaml';

interface Advice {
  readonly message: string;
  readonly remedy: string;
}

const ADVICE: Partial<Readonly<Record<ErrorCode, Advice>>> = {
  BAD_ALIAS: {
    message: 'An alias (*name) has no anchor (&name) before it.',
    remedy: 'Define the anchor, or quote the text.',
  },
  BAD_DQ_ESCAPE: {
    message: 'Text in double quotes has a backslash that starts no known escape.',
    remedy: 'Double the backslash, or use single quotes.',
  },
  BAD_INDENT: {
    message: 'The indentation does not fit what is around it.',
    remedy: 'Indent keys of one level by the same number of blanks.',
  },
  BAD_SCALAR_START: {
    message: 'Text starts with a character that YAML keeps for itself.',
    remedy: 'Put the text in quotes.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'There is a second `key:` on one line.',
    remedy: 'Put each key on a line of its own, or quote text that holds a colon.',
  },
  DUPLICATE_KEY: { message: 'The same key stands here twice.', remedy: 'Keep one of them.' },
  MISSING_CHAR: {
    message: 'A closing quote, bracket, brace or a comma is missing.',
    remedy: 'Close what was opened before this place.',
  },
  MULTIPLE_DOCS: {
    message: 'There is more than one document in the file.',
    remedy: 'Remove what follows the line `---`.',
  },
  TAB_AS_INDENT: { message: 'A tab is used to indent.', remedy: 'Indent with blanks.' },
  TAG_RESOLVE_FAILED: {
    message: 'A tag (!name) is not known.',
    remedy: 'Remove the tag, or quote text that starts with !.',
  },
  UNEXPECTED_TOKEN: {
    message: 'Something stands here that does not belong.',
    remedy: 'Look for a quote, bracket or colon too much, here or on the line before.',
  },
};

const OTHER: Advice = {
  message: 'This is not valid YAML.',
  remedy: 'Look at the indentation, quotes and colons here and on the line before.',
};

/** In our own words: the library's quote the file, and with it secrets. */
export function syntaxProblem(code: ErrorCode): Advice {
  return ADVICE[code] ?? OTHER;
}
