import { z } from 'zod';
import type { Connector, JsonObject } from '../../sdk/index.js';
import { configSchema } from './schema.js';

/** The JSON Schema of `rapport.yaml` for editors, with what the given connectors take as settings and credentials. */
export function configJsonSchema(connectors: readonly Connector[]): JsonObject {
  const named = [...connectors].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Rapport configuration (rapport.yaml)',
    ...withCases(jsonSchema(configSchema), named.map(connectionCase)),
  };
}

/** What holds of a connection of this connector, over what holds of all. */
function connectionCase(connector: Connector): JsonObject {
  const parts = {
    settings: connector.settings,
    credentials: connector.credentials,
    ...(connector.webhookSecrets && { webhooks: connector.webhookSecrets }),
  };
  const properties = Object.entries(parts).map(([key, schema]) => [key, jsonSchema(schema)] as const);
  return {
    if: { properties: { connector: { const: connector.name } }, required: ['connector'] },
    then: { properties: Object.fromEntries(properties) },
  };
}

function withCases(schema: JsonObject, cases: readonly JsonObject[]): JsonObject {
  const properties = schema['properties'] as JsonObject;
  const connections = properties['connections'] as JsonObject;
  const items = connections['items'] as JsonObject;
  const connector = (items['properties'] as JsonObject)['connector'] as JsonObject;
  const examples = cases.map(
    (one) => ((one['if'] as JsonObject)['properties'] as JsonObject)['connector'] as JsonObject,
  );
  return {
    ...schema,
    properties: {
      ...properties,
      connections: {
        ...connections,
        items: {
          ...items,
          properties: {
            ...(items['properties'] as JsonObject),
            connector: { ...connector, examples: examples.flatMap((one) => one['const'] ?? []) },
          },
          allOf: [...cases],
        },
      },
    },
  };
}

/** What an editor shows is what a person writes: the input side, with transforms left out. */
function jsonSchema(schema: z.ZodType): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest as unknown as JsonObject;
}
