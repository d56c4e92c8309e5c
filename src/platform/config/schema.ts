/** The shape of `rapport.yaml`. Types and the published JSON Schema come from here. */
import { z } from 'zod';
import { cronProblem } from './cron.js';
import { nearest } from '../../sdk/nearest.js';
import { isTimeZone, timeZones } from './time-zone.js';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens, starting with a letter')
  .max(63);

const schedule = z
  .string()
  .superRefine((line, issues) => {
    const problem = cronProblem(line);
    if (problem !== undefined)
      issues.addIssue({
        code: 'custom',
        message: `is no cron line. ${problem}`,
        params: {
          remedy:
            'Write minute, hour, day of month, month, day of week: "*/5 * * * *" is every five minutes.',
        },
      });
  })
  .meta({
    description: "When to sync: five cron fields, in the connection's time zone.",
    examples: ['*/5 * * * *'],
  });

const timeZone = z
  .string()
  .superRefine((zone, issues) => {
    if (isTimeZone(zone)) return;
    const near = nearest(zone, timeZones());
    const remedy =
      near === undefined ? 'Use an IANA name, such as Europe/Berlin.' : `Did you mean "${near}"?`;
    issues.addIssue({ code: 'custom', message: 'is not a known time zone', params: { remedy } });
  })
  .meta({ description: 'IANA name; UTC unless told.', examples: ['Europe/Berlin'] });

const direction = z.enum(['pull', 'push', 'both', 'none']);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const condition = z
  .strictObject({
    field: z
      .string()
      .meta({ description: 'Canonical field: `lifecycleStage`, `address.country`, `custom.tier`.' }),
    is: scalar.optional(),
    isNot: scalar.optional(),
    in: z.array(scalar).min(1).optional(),
    exists: z.boolean().optional(),
  })
  .refine(
    ({ field: _field, ...tests }) => Object.keys(tests).length > 0,
    'needs one of is, isNot, in, exists',
  );

const breaker = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        percent: z
          .number()
          .min(0)
          .max(100)
          .default(20)
          .meta({ description: 'Share of the records that this connection holds.' }),
        atLeast: z.int().min(1).default(500).meta({ description: 'A change of fewer records never stops.' }),
      }),
    ],
    'should be false, or { percent, atLeast }',
  )
  .optional()
  .meta({
    description:
      'A run that would make, change or archive more records here than this stops and asks. false never asks. Unless told: 20 percent, at least 500.',
  });

const policy = z.strictObject({
  direction: direction.meta({ description: 'pull: read only; push: write only; both; none.' }),
  create: z.boolean().default(false).meta({ description: 'Make records here for customers that have none.' }),
  filter: z
    .array(condition)
    .default([])
    .meta({ description: 'Only customers that pass all of these are made here.' }),
  onDelete: z.enum(['keep', 'withdraw', 'archive']).default('keep').meta({
    description:
      'What a deletion here means to the others: nothing, its values no longer count, or delete there too.',
  }),
  unique: z
    .boolean()
    .default(false)
    .meta({ description: 'This source holds each person once: two of its records are never joined.' }),
  breaker,
});

const customerPolicy = policy.extend({
  onErase: z.enum(['delete', 'archive', 'keep']).default('delete').meta({
    description:
      'What the erasure of a person does here: delete for good as far as the system lets, archive, or nothing.',
  }),
  onErased: z.enum(['ask', 'erase']).default('ask').meta({
    description:
      'What it means when this system says that it has erased a person: a person is asked, or the same everywhere.',
  }),
});

export const connectionSchema = z.strictObject({
  name: name.meta({ description: 'What you call this connection. It stays its name for good.' }),
  connector: z.string().min(1).meta({ description: 'Which kind of system: salesforce, hubspot, csv, …' }),
  settings: z.record(z.string(), z.unknown()).default({}),
  credentials: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: 'Stored encrypted. Take them from the environment: ${NAME}.' }),
  webhooks: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Secrets to verify webhooks with.' }),
  schedule: schedule.optional(),
  timeZone: timeZone.default('UTC'),
  sync: z
    .strictObject({
      customer: customerPolicy.optional(),
      account: policy.optional(),
      deal: policy.optional().meta({ description: 'Deals are left alone unless this is here.' }),
    })
    .refine(
      (sync) => sync.customer !== undefined || sync.account !== undefined || sync.deal !== undefined,
      'needs customer, account or deal',
    ),
});

const ruleName = z.enum(['most-recent', 'source-priority', 'most-complete', 'union', 'manual']);

const rule = z.union([
  ruleName,
  z
    .strictObject({
      rule: ruleName,
      order: z.array(z.string()).min(1).optional().meta({ description: 'Connection names; the first wins.' }),
      blanks: z
        .enum(['ignore', 'win'])
        .optional()
        .meta({ description: 'Whether a cleared value counts as said.' }),
    })
    .refine((given) => given.rule !== 'source-priority' || given.order !== undefined, {
      message: 'needs an order with rule source-priority',
    }),
]);

export const survivorshipSchema = z.strictObject({
  default: rule.default('most-recent'),
  customer: z.record(z.string(), rule).default({}),
  account: z.record(z.string(), rule).default({}),
  deal: z.record(z.string(), rule).default({}),
});

const mappingLine = z.strictObject({
  field: z.string().min(1).meta({ description: 'Canonical field, or custom.NAME.' }),
  property: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "The system's own name of it; the default's unless told." }),
  direction: direction.optional(),
  values: z
    .record(z.string(), scalar.transform(String))
    .optional()
    .meta({ description: "Canonical value by the system's value." }),
});

export const mappingSchema = z.strictObject({
  customer: z.array(mappingLine).default([]),
  account: z.array(mappingLine).default([]),
  deal: z.array(mappingLine).default([]),
});

export const limitsSchema = z.strictObject({
  dailyCallsPercent: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({
      description:
        "Part of the vendor's limit of API calls a day that the hub may use, in percent; 80 unless told. What is used up waits until there are calls again.",
      examples: [50],
    }),
});

const limit = z.int().min(1).optional();

const matching = z.strictObject({
  maxCluster: limit.meta({
    description: "Most records that are put on one customer without a person's word.",
  }),
  limits: z
    .strictObject({ email: limit, phone: limit, social: limit, xref: limit, domain: limit, name: limit })
    .default({})
    .meta({
      description: 'How many records one e-mail, phone, … may join before it is taken for a shared one.',
    }),
});

export const auditSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    schedule: schedule.default('17 3 * * 0'),
    timeZone: timeZone.default('UTC'),
    repair: z
      .boolean()
      .default(true)
      .meta({ description: 'Take in what was missed; otherwise it is only told.' }),
  })
  .meta({ description: 'When to read everything again and compare: Sundays at 3:17 unless told.' });

const npmName = z
  .string()
  .regex(/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, 'is not a name of an npm package');

export const configSchema = z.strictObject({
  connections: z.array(connectionSchema).min(1),
  survivorship: survivorshipSchema.default({ default: 'most-recent', customer: {}, account: {}, deal: {} }),
  mapping: z.record(z.string(), mappingSchema).default({}),
  limits: z
    .record(z.string(), limitsSchema)
    .default({})
    .meta({ description: 'By connection name: what the hub may use of its system.' }),
  matching: matching.default({ limits: {} }),
  audit: auditSchema.prefault({}),
  packages: z.array(npmName).default([]).meta({ description: 'npm packages that bring further connectors.' }),
});

export type Config = z.output<typeof configSchema>;
export type ConnectionConfig = Config['connections'][number];
export type EntityPolicyConfig = z.output<typeof customerPolicy>;
export type SurvivorshipConfig = Config['survivorship'];
export type RuleConfig = z.output<typeof rule>;
export type MappingConfig = Config['mapping'][string];
export type MappingLineConfig = z.output<typeof mappingLine>;
export type AuditConfig = z.output<typeof auditSchema>;
export type MatchingConfig = Config['matching'];
