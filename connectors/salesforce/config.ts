/** What a connection to Salesforce is told: settings, credentials, and the cursor of a pull. */
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });

export const settingsSchema = z.strictObject({
  loginUrl: url.default('https://login.salesforce.com').meta({
    title: 'Login URL',
    description:
      'Where to sign in. The client credentials flow needs your My Domain URL; a sandbox signs in at https://test.salesforce.com or its My Domain.',
    examples: ['https://mycompany.my.salesforce.com', 'https://test.salesforce.com'],
  }),
  apiVersion: z
    .string()
    .regex(/^(4[6-9]|[5-9]\d|1\d\d)\.0$/, 'a REST API version from 46.0 on, in quotes: "62.0"')
    .default('62.0')
    .meta({ title: 'API version', examples: ['62.0'] }),
  instanceUrl: url.optional().meta({
    title: 'Instance URL',
    description: 'Only where calls must go elsewhere than to the address the sign-in answers with: a proxy.',
  }),
  externalIdField: z
    .string()
    .regex(/^[A-Za-z]\w*$/, 'an API name, like Rapport_Id__c')
    .optional()
    .meta({
      title: "Field for the hub's id",
      description:
        'API name of a text field on Contact, Account (and Lead), unique and marked as external id. New records are then upserted by it, so that a lost answer can never make a second one.',
      examples: ['Rapport_Id__c'],
    }),
  newPeopleAs: z
    .enum(['contact', 'lead'])
    .default('contact')
    .meta({ title: 'New people become', description: 'What a person new to Salesforce is made as.' }),
  leads: z.boolean().default(false).meta({
    title: 'Sync leads',
    description: 'Whether leads are customers too. Implied when new people become leads.',
  }),
  changeEvents: z.boolean().default(true).meta({
    title: 'Listen to change events',
    description:
      'Whether changes are taken as they happen, by change data capture, where the org offers it for the objects synced. Scheduled reads go on either way.',
  }),
  bulkReadAbove: z.int().min(1).default(50_000).meta({
    title: 'Bulk reading from',
    description:
      'A first read of an object with more records than this is one job of Bulk API 2.0: far fewer calls, and some waiting for the job.',
  }),
  bulkWriteAbove: z.int().min(1).default(2000).meta({
    title: 'Bulk writing from',
    description:
      'When more writes of one kind than this wait, they go as one job of Bulk API 2.0. New records only where they are upserted by the field for the hub’s id.',
  }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code: EUR')
    .optional()
    .meta({
      title: 'Currency',
      description:
        'Of an org without multiple currencies; asked of Salesforce unless told. Amounts of deals in other currencies are not written there.',
      examples: ['EUR'],
    }),
  overlapSeconds: z.int().min(0).max(3600).default(300).meta({
    title: 'Overlap in seconds',
    description:
      'How far each read reaches back behind the last one, for records whose transaction was committed late.',
  }),
});

const secret = (title: string): z.ZodString => z.string().min(1).meta({ title, writeOnly: true });
const clientId = z.string().min(1).meta({ title: 'Consumer key (client id)' });

export const credentialsSchema = z.discriminatedUnion('grantType', [
  z
    .strictObject({
      grantType: z.literal('client_credentials'),
      clientId,
      clientSecret: secret('Consumer secret'),
    })
    .meta({ title: 'Client credentials', description: 'A server-to-server app with a run-as user.' }),
  z
    .strictObject({
      grantType: z.literal('refresh_token'),
      clientId,
      clientSecret: secret('Consumer secret').optional(),
      refreshToken: secret('Refresh token'),
    })
    .meta({ title: 'Refresh token', description: 'A user has allowed the app once, in the browser.' }),
  z
    .strictObject({
      grantType: z.literal('jwt_bearer'),
      clientId,
      username: z.string().min(1).meta({ title: 'User name' }),
      privateKey: secret('Private key (PEM)'),
      audience: url.optional().meta({
        title: 'Audience',
        description: 'Only where it is neither login.salesforce.com nor test.salesforce.com.',
      }),
    })
    .meta({ title: 'JWT bearer', description: 'A certificate, and a user the app is approved for.' }),
  z
    .strictObject({
      grantType: z.literal('password'),
      username: z.string().min(1).meta({ title: 'User name' }),
      password: secret('Password'),
      securityToken: secret('Security token').optional(),
      clientId: clientId.optional(),
      clientSecret: secret('Consumer secret').optional(),
    })
    .meta({
      title: 'User name and password',
      description: 'By OAuth when a consumer key is given, else by SOAP login, which Salesforce is ending.',
    }),
]);

export type Settings = z.output<typeof settingsSchema>;
export type Credentials = z.output<typeof credentialsSchema>;

const position = z.strictObject({
  /** SystemModstamp of a row, ISO 8601 in UTC. */
  stamp: z.iso.datetime(),
  id: z.string(),
});

/** Where the reading of a bulk query's results is. */
const bulkPlace = z.strictObject({
  job: z.string(),
  /** Of the page of results; null for the first. */
  locator: z.string().nullable(),
  /** Lines of that page that are stored already. */
  skip: z.int().min(0),
  /** Hub's clock, ms: when the job was asked for. */
  readAt: z.number(),
});

export type BulkPlace = z.output<typeof bulkPlace>;

/**
 * How far an object has been read. `open`: a read is under way and goes on right after `at`. Otherwise the next
 * read begins at the overlap behind the smaller of `high` and `startedAt`.
 */
export const cursorSchema = z.strictObject({
  v: z.literal(1),
  open: z.boolean(),
  /** Last row of the stored pages; null while none was read. */
  at: position.nullable(),
  /** Furthest row of this and all reads before; null while none was read. */
  high: position.nullable(),
  /** When the read began, by the system's clock. All transactions older than the overlap were visible to it. */
  startedAt: z.iso.datetime(),
  /** A first read under way as a job; `at` is not used then. */
  bulk: bulkPlace.optional(),
  /** Opportunities only: how far their contact roles have been read. */
  roles: z
    .strictObject({
      since: z.iso.datetime(),
      /** A look through all of them under way; null when none is. */
      sweep: z.strictObject({ after: z.string().nullable() }).nullable(),
    })
    .optional(),
});

export type RolesPosition = NonNullable<z.output<typeof cursorSchema>['roles']>;
export type Cursor = z.output<typeof cursorSchema>;
export type Position = z.output<typeof position>;

/** By channel object, the replay id of the last event stored. An object without one begins with new events. */
export const streamPositionSchema = z.strictObject({
  v: z.literal(1),
  replay: z.record(z.string(), z.int().min(0)),
});

export type StreamPosition = z.output<typeof streamPositionSchema>;
