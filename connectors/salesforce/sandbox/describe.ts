/** The describe answer of an object. */
import { KEPT_BY_SALESFORCE, type FieldDef, type ObjectDef } from './fields.js';

export function describeObject(def: ObjectDef, hides: (name: string) => boolean): unknown {
  const writable = !KEPT_BY_SALESFORCE.includes(def.type);
  return {
    name: def.type,
    label: def.type,
    keyPrefix: def.prefix,
    queryable: true,
    createable: writable,
    updateable: writable,
    deletable: writable,
    fields: [...def.fields.values()].filter((field) => !hides(field.name)).map(describeField),
  };
}

function describeField(field: FieldDef): unknown {
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    length: field.length,
    createable: field.writable,
    updateable: field.writable,
    nillable: !field.required && field.type !== 'boolean' && field.writable,
    defaultedOnCreate: field.name === 'OwnerId' || field.type === 'boolean' || !field.writable,
    custom: field.name.endsWith('__c'),
    externalId: field.externalId,
    unique: field.unique,
    restrictedPicklist: field.restricted,
    picklistValues: field.options.map((value) => ({
      value,
      label: value,
      active: true,
      defaultValue: false,
    })),
    referenceTo: field.references,
  };
}
