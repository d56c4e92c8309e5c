/** Example CRM: companies and people, over its REST API. */
import { defineConnector, SDK_VERSION } from '../../src/sdk/index.js';
import { check, discover } from './check.js';
import { credentialsSchema, cursorSchema, settingsSchema, webhookSecretsSchema } from './config.js';
import { objectDeclarations } from './objects.js';
import { pull } from './pull.js';
import { push } from './push.js';
import { read } from './read.js';
import { stream } from './stream.js';
import { webhook } from './webhook.js';

export default defineConnector({
  sdk: SDK_VERSION,
  name: 'example-crm',
  title: 'Example CRM',
  settings: settingsSchema,
  credentials: credentialsSchema,
  webhookSecrets: webhookSecretsSchema,
  cursor: cursorSchema,
  objects: objectDeclarations,
  limits: [{ bucket: 'default', calls: 50, perMs: 1_000, concurrent: 5 }],
  check,
  discover,
  pull,
  read,
  push,
  webhook,
  stream,
});
