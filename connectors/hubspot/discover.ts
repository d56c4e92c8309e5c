/** The portal's properties, described for mapping. */
import type { ObjectDescription, PropertyDescription, PropertyType } from '../../src/sdk/index.js';
import { hubspotApi } from './client.js';
import type { HubSpotContext } from './config.js';
import { COMPANY_LINK, factsOf, objectDeclarations, type ObjectFacts } from './objects.js';
import { freshDefinitions, isOwner, isReadOnly, type PropertyDefinition } from './properties.js';

/** HubSpot takes no longer text in any property. */
const LONGEST_TEXT = 65_536;

export async function discover(ctx: HubSpotContext): Promise<readonly ObjectDescription[]> {
  const api = hubspotApi(ctx);
  const objects: ObjectDescription[] = [];
  for (const { object, title } of objectDeclarations()) {
    const facts = factsOf(object);
    const definitions = await freshDefinitions(ctx, api, facts);
    const properties = [...definitions.values()].filter(
      ({ name }) => !(facts.object === 'contact' && name === COMPANY_LINK),
    );
    objects.push({ object, title, properties: [...properties.map(describe), ...linksOf(facts)] });
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
  if (facts.object !== 'contact') return [];
  return [
    {
      name: COMPANY_LINK,
      title: 'Primary company',
      type: 'reference',
      writable: true,
      required: false,
      custom: false,
      references: ['company'],
    },
  ];
}
