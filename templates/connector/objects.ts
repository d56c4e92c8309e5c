/** The objects, and which canonical field each property carries unless the configuration says otherwise. Pure. */
import type { Direction, FieldMapping, ObjectDeclaration } from '../../src/sdk/index.js';

/** A property that holds the id of another record, and the object it points at. */
export const LINKS: Readonly<Record<string, string>> = { company: 'company' };

const BATCH = { read: 100, push: 20 };

/** Objects that others point at come first. */
export function objectDeclarations(): readonly ObjectDeclaration[] {
  return [
    {
      object: 'company',
      title: 'Company',
      entity: 'account',
      mapping: [line('name', 'name'), line('description', 'note')],
      requiredToCreate: [['name']],
      creatable: true,
      batch: BATCH,
    },
    {
      object: 'person',
      title: 'Person',
      entity: 'customer',
      mapping: [
        line('familyName', 'name'),
        line('email', 'mail'),
        line('jobTitle', 'note'),
        line('lifecycleStage', 'stage', 'pull'),
        line('account', 'company'),
      ],
      requiredToCreate: [['familyName']],
      creatable: true,
      batch: BATCH,
    },
  ];
}

function line(field: string, property: string, direction: Direction = 'both'): FieldMapping {
  return { field, property, direction };
}
