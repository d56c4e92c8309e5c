/** The portal's properties, described for mapping. */
import {
  ConnectorError,
  type ObjectDescription,
  type PropertyDescription,
  type PropertyType,
} from '../../src/sdk/index.js';
import { hubspotApi, type HubSpotApi } from './client.js';
import type { HubSpotContext } from './config.js';
import { factsOf, objectDeclarations, PIPELINE, STAGE, type ObjectFacts } from './objects.js';
import { pipelinesOf, stageName, type Pipelines } from './pipelines.js';
import {
  freshDefinitions,
  isOwner,
  isReadOnly,
  type Definitions,
  type PropertyDefinition,
} from './properties.js';

/** HubSpot takes no longer text in any property. */
const LONGEST_TEXT = 65_536;

export async function discover(ctx: HubSpotContext): Promise<readonly ObjectDescription[]> {
  const api = hubspotApi(ctx);
  const objects: ObjectDescription[] = [];
  for (const { object, title } of objectDeclarations()) {
    const facts = factsOf(object);
    const definitions = await definitionsOrNone(ctx, api, facts);
    if (definitions === undefined) continue;
    const pipelines = object === 'deal' ? await pipelinesOf(ctx, api) : [];
    const properties = [...definitions.values()].filter(
      ({ name }) => !facts.links.some((link) => link.property === name),
    );
    objects.push({
      object,
      title,
      properties: [...properties.map((one) => withStages(describe(one), pipelines)), ...linksOf(facts)],
    });
  }
  return objects;
}

function describe(definition: PropertyDefinition): PropertyDescription {
  const { name, label, options, hasUniqueValue } = definition;
  const type = typeOf(definition);
  const isChoice = type === 'choice' || type === 'choices';
  return {
    name,
    title: label === '' ? name : label,
    type,
    ...(type === 'string' || type === 'text' ? { maxLength: LONGEST_TEXT } : {}),
    ...(isChoice && options.length > 0
      ? {
          options: options.map((option) => ({
            value: option.value,
            title: option.label === '' ? option.value : option.label,
            active: option.hidden !== true,
          })),
          restricted: definition.externalOptions !== true,
        }
      : {}),
    writable: !isReadOnly(definition),
    required: false,
    ...(hasUniqueValue === true || name === 'email' ? { unique: true } : {}),
    custom: definition.hubspotDefined !== true,
    ...(type === 'reference' ? { references: ['company'] } : {}),
  };
}

function typeOf(definition: PropertyDefinition): PropertyType {
  const { name, type, fieldType, textDisplayHint } = definition;
  if (isOwner(definition) || name === 'email' || textDisplayHint === 'email') return 'email';
  if (name === 'hs_parent_company_id') return 'reference';
  switch (type) {
    case 'number':
      return 'number';
    case 'bool':
      return 'boolean';
    case 'date':
    case 'datetime':
      return type;
    case 'phone_number':
      return 'phone';
    case 'enumeration':
      return fieldType === 'checkbox' ? 'choices' : fieldType === 'booleancheckbox' ? 'boolean' : 'choice';
    default:
      if (fieldType === 'phonenumber') return 'phone';
      if (fieldType === 'textarea' || fieldType === 'html') return 'text';
      return name === 'website' || textDisplayHint === 'unformatted_single_line_url' ? 'url' : 'string';
  }
}

function linksOf(facts: ObjectFacts): readonly PropertyDescription[] {
  return facts.links.map((link) => ({
    name: link.property,
    title: link.title,
    type: 'reference',
    writable: true,
    required: false,
    custom: false,
    references: [link.to],
  }));
}

/** A token without the scope for deals is good for the rest. */
async function definitionsOrNone(
  ctx: HubSpotContext,
  api: HubSpotApi,
  facts: ObjectFacts,
): Promise<Definitions | undefined> {
  try {
    return await freshDefinitions(ctx, api, facts);
  } catch (error) {
    if (facts.object === 'deal' && error instanceof ConnectorError && error.kind === 'permission')
      return undefined;
    throw error;
  }
}

/** Stages and pipelines as they cross the border, not by HubSpot's ids. */
function withStages(property: PropertyDescription, pipelines: Pipelines): PropertyDescription {
  const names =
    property.name === STAGE
      ? pipelines.flatMap(({ stages }) => stages.flatMap(({ id }) => stageName(pipelines, id) ?? []))
      : property.name === PIPELINE
        ? pipelines.map(({ label }) => label)
        : [];
  if (names.length === 0) return property;
  const options = [...new Set(names)].map((name) => ({ value: name, title: name, active: true }));
  return { ...property, type: 'choice', options, restricted: true };
}
