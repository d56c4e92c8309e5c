/** YAML text as plain values, with the place of each, references to the environment expanded. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
} from 'yaml';
import type { Environment } from '../environment-file.js';
import { expand, maskReferences, type Masked } from './environment.js';
import { printPath, type ConfigPath, type ConfigProblem, type Finding } from './problem.js';
import { syntaxProblem } from './syntax.js';

export interface ConfigDocument {
  /** undefined when the text could not be read as a whole. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** Whether text at this path came out of the environment and must not be shown. */
  isExpanded(path: ConfigPath): boolean;
  /** Gives a finding its line and column: those of the nearest thing written on its path. */
  locate(finding: Finding): ConfigProblem;
}

/** A file that means well is far smaller; aliases of aliases must not eat the memory. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 100;

export function readDocument(text: string, environment: Environment): ConfigDocument {
  const lines = new LineCounter();
  const masked = maskReferences(text);
  // The library's own messages quote the text, which may hold secrets: only its codes are used.
  const document = parseDocument(masked.text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const syntax = independent([...document.errors, ...document.warnings]).map((error) => ({
    path: '',
    ...place(error.pos[0]),
    ...syntaxProblem(error.code),
  }));
  const reader = new Reader(document, masked, environment);
  const read = syntax.length === 0 ? reader.read(document.contents, []) : undefined;
  const locate = (finding: Finding): ConfigProblem => ({
    path: printPath(finding.path),
    ...place(reader.offset(finding)),
    message: finding.message,
    remedy: finding.remedy,
  });
  return {
    value: reader.findings.some((finding) => finding.message === TOO_LARGE.message) ? undefined : read,
    problems: [...syntax, ...reader.findings.map(locate)],
    isExpanded: (path) => reader.expanded.has(keyOf(path)),
    locate,
  };
}

/** After the first slip the parser stumbles on and on; only keys that stand twice are found whatever came before. */
function independent(errors: readonly YAMLError[]): readonly YAMLError[] {
  const first = errors.find((error) => error.code !== 'DUPLICATE_KEY');
  return errors.filter((error) => error === first || error.code === 'DUPLICATE_KEY');
}

class Reader {
  readonly findings: Finding[] = [];
  readonly expanded = new Set<string>();
  private readonly values = new Map<string, number>();
  private readonly keys = new Map<string, number>();
  private nodes = 0;

  constructor(
    private readonly document: Document,
    private readonly masked: Masked,
    private readonly environment: Environment,
  ) {}

  read(node: Node | null, path: ConfigPath): unknown {
    this.nodes += 1;
    if (this.nodes > MAX_NODES || path.length > MAX_DEPTH) {
      if (this.nodes <= MAX_NODES + 1) this.find(path, TOO_LARGE);
      this.nodes = MAX_NODES + 1;
      return null;
    }
    if (node === null) return null;
    if (!this.values.has(keyOf(path))) this.values.set(keyOf(path), node.range?.[0] ?? 0);
    if (isAlias(node)) return this.readAlias(node, path);
    if (isMap<Node | null, Node | null>(node)) return this.readMap(node.items, path);
    if (isSeq<Node | null>(node)) return node.items.map((item, index) => this.read(item, [...path, index]));
    if (!isScalar(node)) return null;
    return typeof node.value === 'string' ? this.readText(node.value, path) : plain(node.value);
  }

  /** Where the finding's key or value is written, or the nearest thing above it. */
  offset(finding: Finding): number {
    for (let length = finding.path.length; length >= 0; length -= 1) {
      const key = keyOf(finding.path.slice(0, length));
      const exact = length === finding.path.length;
      const found =
        exact && finding.atKey === true ? (this.keys.get(key) ?? this.values.get(key)) : undefined;
      const offset = found ?? (exact ? this.values.get(key) : (this.keys.get(key) ?? this.values.get(key)));
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  private readAlias(alias: Alias, path: ConfigPath): unknown {
    const target = alias.resolve(this.document);
    if (target === undefined) this.find(path, syntaxProblem('BAD_ALIAS'));
    return this.read(target ?? null, path);
  }

  private readMap(items: readonly Pair<Node | null, Node | null>[], path: ConfigPath): unknown {
    const entries = items.flatMap((item): [string, unknown][] => {
      const key = isScalar(item.key) ? this.masked.unmask(String(item.key.value)) : undefined;
      if (key === undefined || key === '__proto__') {
        this.find(path, { message: 'A key is not plain text.', remedy: 'Write keys as plain words.' });
        return [];
      }
      const below = [...path, key];
      this.keys.set(keyOf(below), item.key?.range?.[0] ?? 0);
      return [[key, this.read(item.value, below)]];
    });
    return Object.fromEntries(entries);
  }

  private readText(masked: string, path: ConfigPath): string {
    const { text, expanded, missing, unusable, malformed } = expand(
      this.masked.unmask(masked),
      this.environment,
    );
    if (expanded) this.expanded.add(keyOf(path));
    for (const name of missing) {
      this.find(path, {
        message: `The environment variable ${name} is not set.`,
        remedy: `Set ${name} before starting, or ${name}_FILE, or give a default: \${${name}:-value}.`,
      });
    }
    for (const { message, remedy } of unusable) this.find(path, { message, remedy });
    if (malformed > 0) {
      this.find(path, {
        message: 'A reference to the environment cannot be read.',
        remedy:
          'Write ${NAME} or ${NAME:-default} with letters, digits and underscores; $${ stands for ${ itself.',
      });
    }
    return text;
  }

  private find(path: ConfigPath, what: { readonly message: string; readonly remedy: string }): void {
    this.findings.push({ path, ...what });
  }
}

const TOO_LARGE = {
  message: 'The configuration is too large or too deep, perhaps by aliases that repeat themselves.',
  remedy: 'Write it out without aliases.',
};

function keyOf(path: ConfigPath): string {
  return JSON.stringify(path);
}

/** What YAML knows beyond JSON is shown to the schema as text, which then says what it wants instead. */
function plain(value: unknown): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value === undefined ? null : `${typeof value} value`;
}
