import { SDK_VERSION, type Connector } from '../sdk/index.js';

/** What keeps a connector from being used; says what to do about it. */
export interface ConnectorProblem {
  /** Where it comes from: `connectors/hubspot`, or the name of an npm package. */
  readonly source: string;
  readonly message: string;
  readonly remedy: string;
}

export type CheckedModule =
  | { readonly ok: true; readonly connector: Connector }
  | { readonly ok: false; readonly message: string; readonly remedy: string };

const NAME = /^[a-z][a-z0-9-]*$/;
const SCHEMAS = ['settings', 'credentials', 'cursor'] as const satisfies readonly (keyof Connector)[];
const REQUIRED = ['objects', 'check', 'discover', 'pull'] as const satisfies readonly (keyof Connector)[];
const OPTIONAL = ['read', 'push', 'webhook', 'pushCost'] as const satisfies readonly (keyof Connector)[];
const EXPORT_IT = 'Export what defineConnector() returns, as the default export or as `connector`.';

/**
 * The connector that a module exports, as its default or as `connector`, when it has all that the contract asks for. It is looked at
 * and not trusted: an npm package may have been made for another version of the contract, or be something else.
 */
export function connectorIn(module: unknown): CheckedModule {
  const exported = isObject(module) ? [module['default'], module['connector']].find(isObject) : undefined;
  if (exported === undefined) return refused('It exports no connector.', EXPORT_IT);
  if (exported['sdk'] !== SDK_VERSION) {
    return refused(
      `It was made for version ${shown(exported['sdk'])} of the connector contract; this hub has version ${String(SDK_VERSION)}.`,
      'Install a release of it that fits this hub.',
    );
  }
  const lacks = missing(exported);
  if (lacks.length > 0) return refused(`It lacks: ${lacks.join(', ')}.`, 'See docs/writing-a-connector.md.');
  return { ok: true, connector: exported as unknown as Connector };
}

function missing(found: Readonly<Record<string, unknown>>): string[] {
  const lacks: string[] = [];
  if (typeof found['name'] !== 'string' || !NAME.test(found['name'])) {
    lacks.push('a name of lower-case letters, digits and hyphens');
  }
  if (typeof found['title'] !== 'string') lacks.push('a title');
  for (const key of SCHEMAS) if (!isSchema(found[key])) lacks.push(`a zod schema \`${key}\``);
  for (const key of REQUIRED) if (typeof found[key] !== 'function') lacks.push(`a function \`${key}\``);
  for (const key of OPTIONAL) {
    if (found[key] !== undefined && typeof found[key] !== 'function') lacks.push(`a function as \`${key}\``);
  }
  if (found['webhook'] !== undefined && !isSchema(found['webhookSecrets'])) {
    lacks.push('a zod schema `webhookSecrets` beside `webhook`');
  }
  if (found['limits'] !== undefined && !Array.isArray(found['limits'])) lacks.push('a list as `limits`');
  const stream = found['stream'];
  if (stream !== undefined && !(isObject(stream) && typeof stream['open'] === 'function')) {
    lacks.push('a function `open` in `stream`');
  }
  return lacks;
}

function isSchema(value: unknown): boolean {
  return isObject(value) && typeof value['safeParse'] === 'function';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(version: unknown): string {
  return typeof version === 'number' ? String(version) : 'unknown';
}

function refused(message: string, remedy: string): CheckedModule {
  return { ok: false, message, remedy };
}
