import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { checkConnectors, withPaths, type ConnectorLookup } from './check-connectors.js';
import { checkReferences } from './check-references.js';
import { readDocument, type ConfigDocument } from './document.js';
import type { Environment } from '../environment-file.js';
import { findingsOf } from './findings.js';
import { printPath, type ConfigPath, type ConfigProblem, type Finding } from './problem.js';
import { readableParts } from './readable.js';
import { configSchema, type Config } from './schema.js';

type Issue = z.core.$ZodIssue;

export interface ConfigSource {
  readonly text: string;
  /** Folder of the file: relative paths in settings start here. */
  readonly folder: string;
  readonly environment: Environment;
  /** Connectors by name. Without them settings and credentials are not looked into. */
  readonly connectors?: ConnectorLookup;
}

export type ConfigResult =
  | {
      readonly ok: true;
      readonly config: Config;
      /** Of everything the file says, expanded: equal for files that mean the same. */
      readonly hash: string;
    }
  /** In order of place. Nothing of the file may be applied. */
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads `rapport.yaml`. Never throws, whatever the text: all that is wrong is returned together. */
export function parseConfig(source: ConfigSource): ConfigResult {
  const document = readDocument(source.text, source.environment);
  if (document.value === undefined) return failed(document.problems);
  if (document.value === null) return failed([...document.problems, document.locate(EMPTY)]);
  const parsed = configSchema.safeParse(document.value);
  // A place where the environment could not be read has no value yet that could be wrong.
  const unread = new Set(document.problems.map((problem) => problem.path));
  const findings = findingsIn(document, source, parsed.error?.issues ?? []).filter(
    (finding) => finding.atKey === true || !unread.has(printPath(finding.path)),
  );
  const all = [...document.problems, ...findings.map((finding) => document.locate(finding))];
  if (all.length > 0 || !parsed.success) return failed(all);
  const config = absolutePaths(parsed.data, source);
  return { ok: true, config, hash: hashOf(config) };
}

const EMPTY: Finding = {
  path: [],
  message: 'The file is empty.',
  remedy: 'Name at least one connection under `connections`.',
};

/**
 * Packages named in the file, so that their connectors can be loaded before the file is checked against them. Empty
 * where the file cannot be read: `parseConfig` says why.
 */
export function packagesOf(text: string): readonly string[] {
  const { value } = readDocument(text, {});
  const packages = configSchema.shape.packages.safeParse(
    (value as { packages?: unknown } | null | undefined)?.packages,
  );
  return packages.success ? packages.data : [];
}

function findingsIn(
  document: ConfigDocument,
  source: ConfigSource,
  issues: readonly Issue[],
): readonly Finding[] {
  const isExpanded = (path: ConfigPath): boolean => document.isExpanded(path);
  const config = readableParts(document.value);
  return [
    ...findingsOf(issues, { schema: configSchema, value: document.value, at: [], isExpanded }),
    ...checkReferences(config),
    ...(source.connectors === undefined
      ? []
      : checkConnectors({ config, connectors: source.connectors, isExpanded })),
  ];
}

function absolutePaths(config: Config, source: ConfigSource): Config {
  const connections = config.connections.map((connection) => {
    const connector = source.connectors?.get(connection.connector);
    if (connector === undefined) return connection;
    return { ...connection, settings: withPaths(connector.settings, connection.settings, source.folder) };
  });
  return { ...config, connections };
}

/** One line per place and message: a value that aliases repeat is told of once. */
function failed(problems: readonly ConfigProblem[]): ConfigResult {
  const unique = new Map(
    problems.map((problem) => [
      `${String(problem.line)}:${String(problem.column)} ${problem.message}`,
      problem,
    ]),
  );
  return { ok: false, problems: [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column) };
}

function hashOf(value: Config): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

/** With keys in order; the order of lists carries meaning and stays. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  );
}
