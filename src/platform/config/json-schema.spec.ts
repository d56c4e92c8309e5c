import { z } from 'zod';
import type { Connector } from '../../sdk/index.js';
import { configJsonSchema } from './json-schema.js';

const connector = {
  name: 'crm',
  title: 'CRM',
  settings: z.strictObject({ baseUrl: z.url().default('https://example.com').meta({ title: 'Address' }) }),
  credentials: z.strictObject({ token: z.string() }),
} as unknown as Connector;

describe('JSON Schema of the configuration', () => {
  it('names the keys of the file and refuses others', () => {
    const schema = configJsonSchema([]);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false, required: ['connections'] });
    expect(Object.keys(schema['properties'] as object)).toEqual([
      'connections',
      'survivorship',
      'mapping',
      'limits',
      'matching',
      'audit',
      'packages',
    ]);
  });

  it('knows the settings and credentials of each connector', () => {
    const text = JSON.stringify(configJsonSchema([connector]));
    const cases = (JSON.parse(text) as { properties: { connections: { items: { allOf: unknown[] } } } })
      .properties.connections.items.allOf;
    expect(cases).toEqual([
      {
        if: { properties: { connector: { const: 'crm' } }, required: ['connector'] },
        then: {
          properties: {
            settings: expect.objectContaining({
              additionalProperties: false,
              properties: {
                baseUrl: expect.objectContaining({ title: 'Address', type: 'string' }) as unknown,
              },
            }) as unknown,
            credentials: expect.objectContaining({ required: ['token'] }) as unknown,
          },
        },
      },
    ]);
  });
});
