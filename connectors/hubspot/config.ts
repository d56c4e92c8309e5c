/** What a connection to HubSpot is configured with. Facts for forms live beside each field. */
import { z } from 'zod';
import type { ConnectorContext } from '../../src/sdk/index.js';

export const settingsSchema = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.hubapi.com')
    .meta({
      title: 'API address',
      description:
        'Where the HubSpot API is reached. Change it only for a proxy, a region or a sandbox server.',
      examples: ['https://api.hubapi.com'],
    }),
  hubIdProperty: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,99}$/)
    .optional()
    .meta({
      title: 'Property for the hub id',
      description:
        'Internal name of a custom text property with unique values, on contacts, companies and deals. With it new records are made by upsert, so that none can be made twice.',
      examples: ['rapport_id'],
    }),
  overlapSeconds: z.int().min(0).max(86_400).default(300).meta({
    title: 'Overlap in seconds',
    description:
      'How far each read of changes reaches back: HubSpot search shows new and changed records late.',
  }),
  archiveCalls: z.int().min(0).max(1000).default(20).meta({
    title: 'Calls for archived records',
    description: 'API calls each read may spend on looking for archived records, 100 records a call.',
  }),
  associationCalls: z.int().min(0).max(1000).default(20).meta({
    title: 'Calls for associations',
    description:
      'API calls each read may spend on looking for changed associations, 1,000 records a call: HubSpot does not date them.',
  }),
});
export type Settings = z.infer<typeof settingsSchema>;

const tokenSchema = z.strictObject({
  accessToken: z
    .string()
    .min(1)
    .meta({
      title: 'Access token',
      description: 'Of a private app, or a service key.',
      secret: true,
      examples: ['pat-na1-…'],
    }),
});

const oauthSchema = z.strictObject({
  clientId: z.string().min(1).meta({ title: 'Client id of the app' }),
  clientSecret: z.string().min(1).meta({ title: 'Client secret of the app', secret: true }),
  refreshToken: z.string().min(1).meta({
    title: 'Refresh token',
    description: 'From the installation of the app.',
    secret: true,
  }),
  accessToken: z.string().min(1).optional().meta({ title: 'Current access token', secret: true }),
  expiresAt: z.int().optional().meta({ title: 'When the access token expires (ms since 1970)' }),
});

export const credentialsSchema = z.union([tokenSchema, oauthSchema]);
export type Credentials = z.infer<typeof credentialsSchema>;
export type OAuthCredentials = z.infer<typeof oauthSchema>;

export const webhookSecretsSchema = z.strictObject({
  clientSecret: z.string().min(1).meta({
    title: 'Client secret',
    description: 'Of the app whose webhooks point at this hub; their signature is checked with it.',
    secret: true,
  }),
});

/** The context as this connector is given it. */
export type HubSpotContext = ConnectorContext<Settings, Credentials>;

export function isOAuth(credentials: Credentials): credentials is OAuthCredentials {
  return 'refreshToken' in credentials;
}
