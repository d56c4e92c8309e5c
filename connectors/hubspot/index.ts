/** HubSpot: contacts, companies and deals, through its own client. */
import { defineConnector, SDK_VERSION } from '../../src/sdk/index.js';
import { check } from './check.js';
import { credentialsSchema, settingsSchema, webhookSecretsSchema } from './config.js';
import { cursorSchema } from './cursor.js';
import { discover } from './discover.js';
import { erase } from './erase.js';
import { RATE_LIMITS } from './limits.js';
import { QUOTA } from './quota.js';
import { objectDeclarations } from './objects.js';
import { pull } from './pull.js';
import { pushCost } from './push-cost.js';
import { push } from './push.js';
import { read } from './read.js';
import { webhook } from './webhook.js';

export default defineConnector({
  sdk: SDK_VERSION,
  name: 'hubspot',
  title: 'HubSpot',
  // No API restores records: knowledge.hubspot.com/records/restore-deleted-records.
  bringBack:
    'CRM, the list of such records → Actions → Restore records: choose the record and restore it, within 90 days.',
  settings: settingsSchema,
  credentials: credentialsSchema,
  webhookSecrets: webhookSecretsSchema,
  cursor: cursorSchema,
  objects: objectDeclarations,
  limits: RATE_LIMITS,
  quota: QUOTA,
  check,
  discover,
  pull,
  read,
  push,
  erase,
  webhook,
  pushCost,
});
