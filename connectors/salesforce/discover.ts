/** What the org has: standard and custom fields of the synced objects, as the integration user sees them. */
import type { Field } from 'jsforce/lib/types/index.js';
import type { ObjectDescription, PropertyDescription, PropertyType } from '../../src/sdk/index.js';
import { openClient, type SalesforceClient } from './client.js';
import { describe, type Describe } from './records/describe.js';
import { CONTACT_ROLES, isForbidden } from './records/roles.js';
import { toHubError } from './errors.js';
import { objectOfType, objectsOf, sobjectOf } from './objects.js';
import type { Context } from './session/session.js';

export async function discover(ctx: Context): Promise<readonly ObjectDescription[]> {
  try {
    const client = await openClient(ctx);
    const found: ObjectDescription[] = [];
    for (const { object, title } of objectsOf(ctx.settings)) {
      const shape = await shapeOrNone(client, object);
      if (shape === undefined) continue;
      const fields = [...shape.fields.values()].filter((field) => !COMPOUND.has(field.type));
      found.push({
        object,
        title: shape.title === '' ? title : shape.title,
        properties: [...fields.map(propertyOf), ...(object === 'opportunity' ? [CONTACTS] : [])],
      });
    }
    return found;
  } catch (error) {
    throw toHubError(error, ctx.clock.now());
  }
}

/** Many orgs hide opportunities from an integration that has nothing to do with them. */
async function shapeOrNone(client: SalesforceClient, object: string): Promise<Describe | undefined> {
  try {
    return await describe(client, sobjectOf(object).type, 0);
  } catch (error) {
    if (object === 'opportunity' && isForbidden(client, error)) return undefined;
    throw error;
  }
}

const CONTACTS: PropertyDescription = {
  name: CONTACT_ROLES,
  title: 'Contacts (by their roles)',
  type: 'reference',
  writable: true,
  required: false,
  custom: false,
  references: ['contact'],
};

/** Made of other fields, or no values at all. */
const COMPOUND: ReadonlySet<string> = new Set(['address', 'location', 'base64', 'complexvalue']);

const TYPES: Readonly<Record<string, PropertyType>> = {
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  date: 'date',
  datetime: 'datetime',
  picklist: 'choice',
  multipicklist: 'choices',
  email: 'email',
  phone: 'phone',
  url: 'url',
  reference: 'reference',
  textarea: 'text',
};

interface Option {
  readonly value: string;
  readonly label?: string;
  readonly active: boolean;
}

function propertyOf(field: Field): PropertyDescription {
  const type = TYPES[field.type] ?? 'string';
  const options = (field.picklistValues ?? []) as readonly Option[];
  const references = (field.referenceTo ?? []).flatMap((target) => objectOfType(target) ?? []);
  return {
    name: field.name,
    title: field.label,
    type,
    ...(field.length > 0 ? { maxLength: field.length } : {}),
    ...(options.length > 0
      ? { options: options.map(({ value, label, active }) => ({ value, title: label ?? value, active })) }
      : {}),
    ...(type === 'choice' || type === 'choices' ? { restricted: field.restrictedPicklist } : {}),
    writable: field.updateable,
    required: field.createable && !field.nillable && !field.defaultedOnCreate && field.type !== 'boolean',
    ...(field.unique ? { unique: true } : {}),
    custom: field.custom,
    ...(references.length > 0 ? { references } : {}),
  };
}
