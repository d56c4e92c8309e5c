/** Pieces of SOQL. Conditions that mix AND and OR stand in brackets; the language has no precedence for them. */

/** A text literal, with what SOQL reserves escaped. */
export function quote(text: string): string {
  const escaped = text.toWellFormed().replace(/[\\'"\n\r\t\f\b]/g, (character) => ESCAPES[character] ?? '');
  return `'${escaped}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

/** An instant; filters ignore milliseconds, so none are written. */
export function instant(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19)}Z`;
}

/** Encoded length a query may have: 16,384 bytes are taken for the whole request line and headers. */
const MAX_QUERY = 13_000;

/** Queries of one select over lists of values, each short enough for a URL. */
export function queriesIn(
  select: string,
  condition: (list: string) => string,
  values: readonly string[],
): readonly string[] {
  const room = MAX_QUERY - encodeURIComponent(`${select} WHERE ${condition('')}`).length;
  const lists: string[][] = [];
  let left = 0;
  for (const literal of new Set(values.map(quote))) {
    const size = encodeURIComponent(`${literal},`).length;
    const last = lists.at(-1);
    if (last === undefined || size > left || last.length >= MAX_VALUES) {
      lists.push([literal]);
      left = room - size;
    } else {
      last.push(literal);
      left -= size;
    }
  }
  return lists.map((list) => `${select} WHERE ${condition(list.join(','))}`);
}

/** Keeps an answer within one page, also where long texts shrink pages to 200. */
const MAX_VALUES = 400;
