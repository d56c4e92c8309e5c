/** What a connection is told, and the cursor of a pull. */
import { z } from 'zod';
import type { ConnectorContext } from '../../src/sdk/index.js';

export const settingsSchema = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .meta({ title: 'Address', description: 'Of the API.', examples: ['https://api.example.com'] }),
});

export const credentialsSchema = z.strictObject({
  apiKey: z.string().min(1).meta({ title: 'API key', secret: true }),
});

export const webhookSecretsSchema = z.strictObject({
  signingKey: z.string().min(1).meta({ title: 'Signing key of the webhooks', secret: true }),
});

/** The last row that was read, by time and id together: many rows may share a time. */
export const cursorSchema = z.strictObject({
  changedAt: z.string(),
  id: z.string(),
  /** Number of the last change of a link that was read. */
  links: z.int().min(0),
});

/** Number of the last event that was heard. */
export const positionSchema = z.strictObject({ after: z.int().min(0) });

export type Settings = z.output<typeof settingsSchema>;
export type Credentials = z.output<typeof credentialsSchema>;
export type Position = z.output<typeof positionSchema>;
export type Cursor = z.output<typeof cursorSchema>;
export type Context = ConnectorContext<Settings, Credentials>;
