/** What can be told from Markdown by its text alone. */

export interface Link {
  /** Relative path; empty for a place in the same document. */
  readonly file: string;
  readonly heading: string | undefined;
}

const FENCE = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm;

/** Links to files beside the document; those to the web are left out, and what only looks like one in code. */
export function linksIn(text: string): Link[] {
  const prose = text.replace(FENCE, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', heading] = target.split('#');
    return [{ file, heading }];
  });
}

/** The blocks of one language, without the indentation of a list they stand in. */
export function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(FENCE)].flatMap(([, indent = '', name, code = '']) =>
    name === language ? [code.replace(new RegExp(`^ {0,${String(indent.length)}}`, 'gm'), '')] : [],
  );
}

/** Inline code, and each line of the blocks that show commands. */
export function codeSpans(text: string): string[] {
  const lines = [...text.matchAll(FENCE)].flatMap(([, , language = '', code = '']) =>
    ['sh', ''].includes(language) ? code.split('\n') : [],
  );
  const inline = [...text.replace(FENCE, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...inline, ...lines];
}

/** The words behind `rapport` where a line of code calls it, also in a container; one list for each call. */
export function wordsOfCommands(code: string): string[][] {
  const calls = code.matchAll(/(?:^|[\s;&|])(?:npx )?(?:rapport|docker compose run --rm serve) +([^#;&|]+)/g);
  return [...calls].flatMap(([, behind = '']) => {
    const words = behind.split(/[\s[\]()]+/).filter((word) => /^-{0,2}[A-Za-z]/.test(word));
    return words.length === 0 ? [] : [words];
  });
}

/** What the first group of the pattern finds, each once. */
export function namesOfVariables(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set([...text.matchAll(pattern)].flatMap(([, name]) => name ?? []));
}
