/** Whether a connection works, and what there is to map. */
import { z } from 'zod';
import type { CheckItem, ObjectDescription, PropertyDescription } from '../../src/sdk/index.js';
import { get } from './client.js';
import type { Context } from './config.js';
import { LINKS, objectDeclarations } from './objects.js';

const propertiesSchema = z.object({
  properties: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      type: z.enum(['text', 'choice', 'email', 'link']),
      maxLength: z.int().nullable(),
      options: z.array(z.string()),
      required: z.boolean(),
      unique: z.boolean(),
      custom: z.boolean(),
    }),
  ),
});
type Property = z.output<typeof propertiesSchema>['properties'][number];

/** Throws what stands in the way; the hub words it. */
export async function check(ctx: Context): Promise<readonly CheckItem[]> {
  await get(ctx, '/person/properties', propertiesSchema);
  return [{ name: 'credentials', status: 'ok', message: 'Example CRM answers and takes the API key.' }];
}

export async function discover(ctx: Context): Promise<readonly ObjectDescription[]> {
  const described: ObjectDescription[] = [];
  for (const { object, title } of objectDeclarations()) {
    const { properties } = await get(ctx, `/${object}/properties`, propertiesSchema);
    described.push({ object, title, properties: properties.map(describe) });
  }
  return described;
}

function describe({ name, title, type, maxLength, options, ...facts }: Property): PropertyDescription {
  return {
    name,
    title,
    type: type === 'link' ? 'reference' : type,
    writable: true,
    ...facts,
    ...(maxLength !== null && { maxLength }),
    ...(type === 'choice' && {
      restricted: true,
      options: options.map((value) => ({ value, title: value, active: true })),
    }),
    ...(type === 'link' && { references: [LINKS[name] ?? name] }),
  };
}
