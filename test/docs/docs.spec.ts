/** The documents are tested: what they name must be there, and what is there must be named. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Command } from 'commander';
import { declareAdministration } from '../../src/cli/declare-administration.js';
import { declareCustomers } from '../../src/cli/declare-customers.js';
import { declareDevelopment } from '../../src/cli/declare-development.js';
import { declarePrivacy } from '../../src/cli/declare-privacy.js';
import { declareSync } from '../../src/cli/declare-sync.js';
import { ConnectorRegistry } from '../../src/connections/connector-registry.js';
import { parseConfig } from '../../src/platform/config/index.js';
import { packageRoot } from '../../src/platform/package-root.js';
import template from '../../templates/connector/index.js';
import { RULES } from '../../src/sdk/conformance/index.js';
import { codeBlocks, codeSpans, linksIn, namesOfVariables, wordsOfCommands } from './markdown.js';

const root = packageRoot();
const FOLDERS_OF_OTHERS = new Set(['node_modules', 'dist', '.rapport', '.git', 'coverage', 'generated']);

function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return FOLDERS_OF_OTHERS.has(entry.name) ? [] : filesBelow(path, pattern);
    return pattern.test(entry.name) ? [path] : [];
  });
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

const documents = filesBelow('.', /\.md$/).map((path) => ({ path, text: read(path) }));
const operations = read('docs/operations.md');

/** Each problem in one line, with the document it is in: the list must be empty. */
function problems(find: (document: { path: string; text: string }) => readonly string[]): string[] {
  return documents.flatMap((document) => find(document).map((problem) => `${document.path}: ${problem}`));
}

function program(): Command {
  const command = new Command('rapport');
  for (const declare of [
    declareSync,
    declareCustomers,
    declarePrivacy,
    declareAdministration,
    declareDevelopment,
  ]) {
    declare(command, () => Promise.resolve());
  }
  return command;
}

describe('the documents', () => {
  it('are found', () => {
    expect(documents.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/rules.md', 'connectors/csv/README.md']),
    );
  });

  it('link only to what is there', () => {
    const missing = problems(({ path, text }) =>
      linksIn(text)
        .filter(({ file, heading }) => {
          const target = file === '' ? path : relative(root, join(root, dirname(path), file));
          if (!existsSync(join(root, target))) return true;
          return heading !== undefined && !headingsOf(read(target)).has(heading);
        })
        .map(({ file, heading }) => `${file}${heading === undefined ? '' : `#${heading}`}`),
    );
    expect(missing).toEqual([]);
  });

  it('name only commands and options that the command line has', () => {
    const unknown = problems(({ text }) =>
      codeSpans(text)
        .flatMap(wordsOfCommands)
        .flatMap((words) => commandProblem(words) ?? []),
    );
    expect(unknown).toEqual([]);
  });

  it('tell of every command', () => {
    const told = new Set(
      codeSpans(read('README.md'))
        .flatMap(wordsOfCommands)
        .map((words) => words[0]),
    );
    expect(
      program()
        .commands.map((command) => command.name())
        .filter((name) => !told.has(name)),
    ).toEqual([]);
  });

  it('tell of the variables in .env.example, and of no others of the hub', () => {
    const known = namesOfVariables(read('.env.example'), /^#?([A-Z][A-Z_]*)=/gm);
    const composed = namesOfVariables(read('docker-compose.yml'), /\$\{([A-Z_]+)/g);
    const told = namesOfVariables(operations, /^\| `([A-Z][A-Z_]*)` +\|/gm);
    expect([...known].filter((name) => !told.has(name))).toEqual([]);
    const unknown = problems(({ text }) =>
      [...namesOfVariables(text, /\b(RAPPORT_[A-Z_]+|DATABASE_URL|PUBLIC_URL|POSTGRES_[A-Z]+)\b/g)].filter(
        (name) => !known.has(name.replace(/_FILE$/, '')) && !composed.has(name),
      ),
    );
    expect(unknown).toEqual([]);
  });

  it('show only configurations that are valid', async () => {
    // The template's own document becomes that of a new connector.
    const known = (await ConnectorRegistry.load()).lookup();
    const connectors = new Map([...known, [template.name, template]]);
    const invalid = problems(({ text }) =>
      codeBlocks(text, 'yaml')
        .filter((block) => /^(?:#.*\n)*connections:/.test(block))
        .flatMap((block) => {
          const names = namesOfVariables(block, /\$\{([A-Z_]+)/g);
          const environment = Object.fromEntries([...names].map((name) => [name, 'secret']));
          const result = parseConfig({ text: block, folder: root, environment, connectors });
          return result.ok ? [] : result.problems.map(({ path, message }) => `${path} ${message}`);
        }),
    );
    expect(invalid).toEqual([]);
  });

  it('tell of every metric, and of no other', () => {
    const made = namesOfVariables(read('src/health/sync-metrics.ts'), /gauge\(\s*'([a-z_]+)'/g);
    const told = namesOfVariables(operations, /^\| `rapport_([a-z_]+)` +\|/gm);
    expect([...told].sort()).toEqual([...made].sort());
  });

  it('say what each sync issue code means', () => {
    const sources = filesBelow('src', /(?<!\.spec|\.fixture)\.ts$/)
      .concat(filesBelow('connectors', /(?<!\.spec)\.ts$/))
      .filter((path) => !/\/(?:sandbox|simulation|demo)\//.test(path));
    const codes = new Set(sources.flatMap((path) => [...codesIn(path)]));
    expect([...codes].filter((code) => !operations.includes(`\`${code}\``))).toEqual([]);
  });

  it('show the example connector as it is', () => {
    const files = filesBelow('templates/connector', /\.ts$/);
    const example = squeezed(files.map(read).join('\n'));
    const blocks = codeBlocks(read('docs/writing-a-connector.md'), 'ts');
    expect(blocks.length).toBeGreaterThan(5);
    expect(blocks.filter((block) => !example.includes(squeezed(block)))).toEqual([]);
  });

  it('name every rule of the conformance suite', () => {
    const guide = read('docs/writing-a-connector.md');
    expect(RULES.filter(({ id }) => !guide.includes(`\`${id}\``))).toEqual([]);
  });

  it('start the service with the flags that the command has, whichever way', () => {
    const [first = ''] = read('bin/rapport.mjs').split('\n');
    const flags = first.split(' ').filter((word) => word.startsWith('--'));
    expect(flags.length).toBeGreaterThan(0);
    const started = `node ${flags.join(' ')} bin/rapport.mjs`;
    expect(read('package.json')).toContain(started);
    expect(operations).toContain(started);
    expect(read('Dockerfile')).toContain(flags.map((flag) => `"${flag}"`).join(', '));
  });

  it('begin the README with the two commands', () => {
    const [demo, test] = codeBlocks(read('README.md'), 'sh');
    expect([demo, test]).toEqual(['npm ci && npm run demo\n', 'npm ci && npm test\n']);
  });
});

/** As code hosts make anchors of headings. */
function headingsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title ?? '');
  return new Set(
    headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** What is wrong with the words behind `rapport`; undefined when nothing is. */
function commandProblem(words: readonly string[]): string | undefined {
  let command = program();
  for (const word of words) {
    const option = /^--[a-z-]+/.exec(word)?.[0];
    if (option !== undefined) {
      const known = command.options.some((one) => one.long === option) || option === '--help';
      if (!known) return `rapport ${words.join(' ')}: ${command.name()} has no ${option}`;
      continue;
    }
    const below = command.commands.find((one) => one.name() === word);
    if (below !== undefined) command = below;
    else if (command.name() === 'rapport') return `rapport ${words.join(' ')}: there is no ${word}`;
  }
  return undefined;
}

/** Codes that a person may meet: those given in so many words, and the keys of the vendors' tables. */
function codesIn(path: string): ReadonlySet<string> {
  const text = read(path);
  const codes = namesOfVariables(text, /\bcode: '([A-Z][A-Z_]{4,})'/g);
  if (!/\/(?:errors|record-errors)\.ts$/.test(path)) return forPeople(codes);
  const keys = namesOfVariables(text, /^ {2}([A-Z]+_[A-Z_]+): /gm);
  const given = namesOfVariables(text, /configuration\(\s*'([A-Z_]+)'/g);
  return forPeople(new Set([...codes, ...keys, ...given]));
}

/** A sync that is refused at once, to whom asked for it, is no issue. */
function forPeople(codes: ReadonlySet<string>): ReadonlySet<string> {
  const refused = ['UNKNOWN_CONNECTION', 'CONNECTION_PAUSED', 'NOTHING_TO_SYNC'];
  return new Set([...codes].filter((code) => !refused.includes(code)));
}

/** Indentation apart, which depends on how deep an excerpt stood. */
function squeezed(code: string): string {
  return code.replace(/\s+/g, ' ').trim();
}
