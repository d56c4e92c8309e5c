/** Each connection's settings, credentials and webhook secrets, checked by its connector. */
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { ENTITIES } from '../../core/model/fields.js';
import type { Connector, ObjectDeclaration } from '../../sdk/index.js';
import { unknownField } from './check-references.js';
import { findingsOf } from './findings.js';
import { suggestion } from '../../sdk/nearest.js';
import type { ConfigPath, Finding } from './problem.js';
import { innerOf } from './schema-walk.js';
import type { ReadableConfig } from './readable.js';
import type { ConnectionConfig } from './schema.js';

export type ConnectorLookup = ReadonlyMap<string, Connector>;

interface Check {
  readonly config: ReadableConfig;
  readonly connectors: ConnectorLookup;
  isExpanded(path: ConfigPath): boolean;
}

export function checkConnectors(check: Check): readonly Finding[] {
  return check.config.connections.flatMap((connection, index) => {
    if (connection === undefined) return [];
    const connector = check.connectors.get(connection.connector);
    if (connector !== undefined) return checkConnection(check, connector, connection, ['connections', index]);
    return [
      {
        path: ['connections', index, 'connector'],
        message: `There is no connector "${connection.connector}".`,
        remedy: `${suggestion(connection.connector, [...check.connectors.keys()])} One from npm must be named under packages.`,
      },
    ];
  });
}

function checkConnection(
  check: Check,
  connector: Connector,
  connection: ConnectionConfig,
  at: ConfigPath,
): readonly Finding[] {
  const part = (schema: z.ZodType, key: 'settings' | 'credentials' | 'webhooks'): readonly Finding[] => {
    const value = connection[key] ?? {};
    const result = schema.safeParse(value);
    if (result.success) return [];
    return findingsOf(result.error.issues, {
      schema,
      value,
      at: [...at, key],
      isExpanded: (path) => check.isExpanded(path),
    });
  };
  const webhooks =
    connection.webhooks === undefined
      ? []
      : connector.webhookSecrets === undefined
        ? [
            {
              path: [...at, 'webhooks'],
              atKey: true,
              message: `${connector.title} sends no webhooks.`,
              remedy: 'Remove it.',
            },
          ]
        : part(connector.webhookSecrets, 'webhooks');
  const settings = part(connector.settings, 'settings');
  const objects = settings.length > 0 ? undefined : objectsOf(connector, connection.settings);
  return [
    ...settings,
    ...part(connector.credentials, 'credentials'),
    ...webhooks,
    ...(objects === undefined ? [] : checkFields(connection, objects, at)),
    ...(objects === undefined ? [] : checkSync(connector, connection, objects, at)),
    ...(objects === undefined ? [] : checkMapping(check.config, connector, connection, objects)),
  ];
}

/** undefined when the connector itself is broken: loading reports that. */
function objectsOf(connector: Connector, settings: unknown): readonly ObjectDeclaration[] | undefined {
  try {
    return connector.objects(connector.settings.parse(settings));
  } catch {
    return undefined;
  }
}

/** Where the settings name canonical fields (the columns of a file), they must be fields there are. */
function checkFields(
  connection: ConnectionConfig,
  objects: readonly ObjectDeclaration[],
  at: ConfigPath,
): readonly Finding[] {
  return objects.flatMap(({ entity, mapping }) =>
    mapping.flatMap((line) => {
      const path = pathTo(connection.settings, line.property, line.field) ?? [];
      return unknownField(entity, line.field, [...at, 'settings', ...path]);
    }),
  );
}

/** Where in the settings `field` is written under the key `property`; undefined where it is not. */
function pathTo(settings: unknown, property: string, field: string): ConfigPath | undefined {
  if (typeof settings !== 'object' || settings === null) return undefined;
  for (const [key, value] of Object.entries(settings)) {
    const step = Array.isArray(settings) ? Number(key) : key;
    if (key.trim() === property && [value].flat().includes(field)) return [step];
    const below = pathTo(value, property, field);
    if (below !== undefined) return [step, ...below];
  }
  return undefined;
}

function checkSync(
  connector: Connector,
  connection: ConnectionConfig,
  objects: readonly ObjectDeclaration[],
  at: ConfigPath,
): readonly Finding[] {
  return ENTITIES.flatMap((entity): Finding[] => {
    const policy = connection.sync[entity];
    if (policy === undefined || policy.direction === 'none') return [];
    const path = [...at, 'sync', entity];
    if (!objects.some((object) => object.entity === entity)) {
      const has = [...new Set(objects.map((object) => object.entity))].join(', ');
      return [
        {
          path,
          atKey: true,
          message: `"${connection.name}" has no ${entity} records.`,
          remedy: `It has: ${has}.`,
        },
      ];
    }
    const writes = policy.direction !== 'pull';
    if (connector.push !== undefined || (!writes && !policy.create)) return [];
    const key = writes ? 'direction' : 'create';
    return [
      {
        path: [...path, key],
        message: `${connector.title} can only be read.`,
        remedy: 'Use direction pull, without create.',
      },
    ];
  });
}

/** A mapping line without a property stands for the connector's own line of that field: there must be one. */
function checkMapping(
  config: ReadableConfig,
  connector: Connector,
  connection: ConnectionConfig,
  objects: readonly ObjectDeclaration[],
): readonly Finding[] {
  const mapping = config.mapping[connection.name];
  if (mapping === undefined) return [];
  return ENTITIES.flatMap((entity) => {
    const lines = objects.filter((object) => object.entity === entity).flatMap((object) => object.mapping);
    const mapped = new Set(lines.map((line) => line.field));
    return mapping[entity].flatMap((line, index): Finding[] => {
      if (line.property !== undefined || mapped.has(line.field)) return [];
      return [
        {
          path: ['mapping', connection.name, entity, index],
          message: `${connector.title} has no property for ${line.field} by itself.`,
          remedy: 'Add the property that holds it.',
        },
      ];
    });
  });
}

/**
 * Settings with relative file paths made absolute, from the folder of the configuration. A connector marks such a
 * setting with `.meta({ path: true })`.
 */
export function withPaths(
  schema: z.ZodType,
  settings: Readonly<Record<string, unknown>>,
  folder: string,
): Record<string, unknown> {
  const shape: Readonly<Record<string, z.core.$ZodType>> =
    schema instanceof z.core.$ZodObject ? schema._zod.def.shape : {};
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
      const isPath = field !== undefined && typeof value === 'string' && value !== '' && isMarked(field);
      return [key, isPath && !isAbsolute(value) ? resolve(folder, value) : value];
    }),
  );
}

function isMarked(schema: z.core.$ZodType): boolean {
  if (z.globalRegistry.get(schema)?.['path'] === true) return true;
  const inner = innerOf(schema);
  return inner !== undefined && isMarked(inner);
}
