import { ConnectorRegistry } from '../../connections/connector-registry.js';
import type { Connector } from '../../sdk/index.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import { table, type Output } from '../output.js';

interface ConnectorSummary {
  readonly name: string;
  readonly title: string;
  readonly source: string | null;
  readonly capabilities: readonly string[];
  /** null where only the settings tell. */
  readonly objects: readonly { readonly object: string; readonly entity: string }[] | null;
}

export async function connectors(output: Output): Promise<ExitCode> {
  return withHub({ work: false }, (hub) => {
    const registry = hub.get(ConnectorRegistry);
    const found = registry.all().map((one) => summaryOf(one, registry.sourceOf(one.name) ?? null));
    const broken = registry.problems();
    output.result({ connectors: found, broken }, () =>
      [
        table(
          ['name', 'title', 'can', 'objects', 'from'],
          found.map((one) => [
            one.name,
            one.title,
            one.capabilities.join(', '),
            one.objects?.map(({ object, entity }) => `${object} (${entity})`).join(', ') ?? 'by its settings',
            one.source ?? '',
          ]),
        ),
        ...broken.map(({ source, message, remedy }) => `\n${source} cannot be used. ${message}\n  ${remedy}`),
      ].join('\n'),
    );
    return Promise.resolve(EXIT.done);
  });
}

const OPTIONAL = ['read', 'push', 'webhook'] as const satisfies readonly (keyof Connector)[];

function summaryOf(connector: Connector, source: string | null): ConnectorSummary {
  return {
    name: connector.name,
    title: connector.title,
    source,
    capabilities: ['pull', ...OPTIONAL.filter((name) => connector[name] !== undefined)],
    objects: objectsOf(connector),
  };
}

/** What a broken one throws here is told by `rapport check` for the connections that have it. */
function objectsOf(connector: Connector): ConnectorSummary['objects'] {
  try {
    const settings = connector.settings.safeParse({});
    if (!settings.success) return null;
    return connector.objects(settings.data).map(({ object, entity }) => ({ object, entity }));
  } catch {
    return null;
  }
}
