/** Property definitions of the portal: what exists, of which type, and who may write it. */
import { z } from 'zod';
import type { HubSpotApi } from './client.js';
import type { HubSpotContext } from './config.js';
import type { ObjectFacts } from './objects.js';
import { unexpected } from './record.js';
import { stateOf } from './state.js';

const definitionSchema = z.object({
  name: z.string(),
  label: z.string().catch(''),
  type: z.string().catch('string'),
  fieldType: z.string().catch('text'),
  hubspotDefined: z.boolean().optional().catch(undefined),
  hasUniqueValue: z.boolean().optional().catch(undefined),
  calculated: z.boolean().optional().catch(undefined),
  externalOptions: z.boolean().optional().catch(undefined),
  referencedObjectType: z.string().optional().catch(undefined),
  textDisplayHint: z.string().optional().catch(undefined),
  options: z
    .array(
      z.object({
        value: z.string(),
        label: z.string().catch(''),
        hidden: z.boolean().optional().catch(false),
      }),
    )
    .catch([]),
  modificationMetadata: z
    .object({ readOnlyValue: z.boolean().catch(false) })
    .optional()
    .catch(undefined),
});

export type PropertyDefinition = z.infer<typeof definitionSchema>;
export type Definitions = ReadonlyMap<string, PropertyDefinition>;

/** A property made a moment ago is known after so long at the latest. */
const FRESH_MS = 5 * 60_000;

export async function definitionsOf(
  ctx: HubSpotContext,
  api: HubSpotApi,
  facts: ObjectFacts,
): Promise<Definitions> {
  const { definitions } = stateOf(ctx);
  const known = definitions.get(facts.object);
  if (known !== undefined && known.at + FRESH_MS > ctx.clock.now()) return known.value;
  return freshDefinitions(ctx, api, facts);
}

/** Asks HubSpot whatever is remembered. */
export async function freshDefinitions(
  ctx: HubSpotContext,
  api: HubSpotApi,
  facts: ObjectFacts,
): Promise<Definitions> {
  const results = await api.properties(facts);
  if (!Array.isArray(results)) throw unexpected('a list of properties');
  const value = new Map<string, PropertyDefinition>();
  for (const result of results) {
    const parsed = definitionSchema.safeParse(result);
    if (parsed.success) value.set(parsed.data.name, parsed.data);
  }
  stateOf(ctx).definitions.set(facts.object, { at: ctx.clock.now(), value });
  return value;
}

export function isOwner(definition: PropertyDefinition): boolean {
  return definition.referencedObjectType === 'OWNER' || definition.name === 'hubspot_owner_id';
}

export function isReadOnly(definition: PropertyDefinition): boolean {
  return definition.modificationMetadata?.readOnlyValue === true || definition.calculated === true;
}
