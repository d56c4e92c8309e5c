import type { FieldMapping, ObjectDescription } from '../sdk/index.js';
import type { ObjectSetup } from './active-connection.js';
import { checkMapping } from './mapping-check.js';

const DEFAULT: FieldMapping = { field: 'jobTitle', property: 'title', direction: 'both' };

function setup(object: string, ...lines: readonly FieldMapping[]): ObjectSetup {
  return {
    declaration: {
      object,
      title: object,
      entity: 'customer',
      mapping: [DEFAULT],
      requiredToCreate: [],
      creatable: true,
      batch: { read: 1, push: 1 },
    },
    object,
    entity: 'customer',
    policy: {
      direction: 'both',
      create: true,
      filter: [],
      onDelete: 'keep',
      unique: false,
      onErase: 'delete',
      onErased: 'ask',
    },
    mapping: [DEFAULT, ...lines],
    properties: [],
    pushOnly: new Set(),
    mappingHash: '',
  };
}

function described(object: string, ...names: readonly (readonly [string, boolean])[]): ObjectDescription {
  const properties = names.map(([name, writable]) => ({
    name,
    title: name,
    type: 'string' as const,
    writable,
    required: false,
    custom: true,
  }));
  return { object, title: object, properties };
}

const tier = (property: string, direction: FieldMapping['direction'] = 'both'): FieldMapping => ({
  field: 'custom.tier',
  property,
  direction,
});

describe('checking a mapping', () => {
  it('names a property that is not there, and the nearest one', () => {
    const [item] = checkMapping(
      [setup('contact', tier('custmer_tier'))],
      [described('contact', ['customer_tier', true])],
    );
    expect(item).toMatchObject({ name: 'mapping', status: 'failed' });
    expect(item?.message).toContain('custom.tier is mapped to "custmer_tier"');
    expect(item?.remedy).toContain('Did you mean "customer_tier"?');
  });

  it('warns of a read-only property that is to be written', () => {
    const found = [described('contact', ['deals', false])];
    expect(checkMapping([setup('contact', tier('deals'))], found)).toMatchObject([{ status: 'warning' }]);
    expect(checkMapping([setup('contact', tier('deals', 'pull'))], found)).toEqual([]);
  });

  it('has nothing to say of the own mapping of a connector, nor where one object of the entity has the property', () => {
    const line = tier('Tier__c');
    const found = [described('contact', ['tier__c', true]), described('lead')];
    expect(checkMapping([setup('contact', line), setup('lead', line)], found)).toEqual([]);
  });
});
