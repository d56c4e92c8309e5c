import type { FieldMapping } from '../../sdk/index.js';
import { mergeMappings, type MappingOverride } from './index.js';

const DEFAULTS: readonly FieldMapping[] = [
  { field: 'email', property: 'Email', direction: 'both' },
  { field: 'lifecycleStage', property: 'Status', direction: 'both', values: { New: 'lead' } },
  { field: 'emails', property: 'Email2', direction: 'pull' },
  { field: 'emails', property: 'Email3', direction: 'pull' },
];

const [email, stage, email2, email3] = DEFAULTS;

describe('mapping of a connection', () => {
  const cases: readonly (readonly [string, readonly MappingOverride[], readonly unknown[]])[] = [
    ['is the default where nothing is said', [], [email, stage, email2, email3]],
    [
      'takes a new field at the end, both ways unless told',
      [{ field: 'custom.tier', property: 'Tier' }],
      [email, stage, email2, email3, { field: 'custom.tier', property: 'Tier', direction: 'both' }],
    ],
    [
      'changes the direction of a line and keeps its list of values',
      [{ field: 'lifecycleStage', property: 'Status', direction: 'pull' }],
      [email, { ...stage, direction: 'pull' }, email2, email3],
    ],
    [
      'changes a line without naming its property again',
      [{ field: 'lifecycleStage', values: { Old: 'customer' } }],
      [email, { ...stage, values: { Old: 'customer' } }, email2, email3],
    ],
    [
      'moves a field to another property, in its place',
      [{ field: 'lifecycleStage', property: 'Stage__c' }],
      [email, { field: 'lifecycleStage', property: 'Stage__c', direction: 'both' }, email2, email3],
    ],
    ['removes a field', [{ field: 'email', direction: 'none' }], [stage, email2, email3]],
    [
      'removes one of several lines of a field by its property',
      [{ field: 'emails', property: 'Email2', direction: 'none' }],
      [email, stage, email3],
    ],
    [
      'replaces all lines of a field by those given',
      [
        { field: 'emails', property: 'A', direction: 'pull' },
        { field: 'emails', property: 'B', direction: 'pull' },
      ],
      [
        email,
        stage,
        { field: 'emails', property: 'A', direction: 'pull' },
        { field: 'emails', property: 'B', direction: 'pull' },
      ],
    ],
    [
      'adds a line to a field beside one that it names',
      [
        { field: 'email', property: 'Email', direction: 'pull' },
        { field: 'email', property: 'Work_Email', direction: 'push' },
      ],
      [
        { ...email, direction: 'pull' },
        stage,
        email2,
        email3,
        { field: 'email', property: 'Work_Email', direction: 'push' },
      ],
    ],
    [
      'gives a property to another field: it is written from one field only',
      [{ field: 'custom.mail', property: 'Email' }],
      [stage, email2, email3, { field: 'custom.mail', property: 'Email', direction: 'both' }],
    ],
    [
      'lets a property be read into a second field',
      [{ field: 'custom.mail', property: 'Email', direction: 'pull' }],
      [email, stage, email2, email3, { field: 'custom.mail', property: 'Email', direction: 'pull' }],
    ],
    [
      'leaves out a line that says neither property nor default',
      [{ field: 'jobTitle', direction: 'pull' }],
      [email, stage, email2, email3],
    ],
  ];

  it.each(cases)('%s', (_title, overrides, expected) => {
    expect(mergeMappings(DEFAULTS, overrides)).toEqual(expected);
  });
});
