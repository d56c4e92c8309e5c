/** Salesforce: contacts, leads, accounts and opportunities, through jsforce. */
import { defineConnector, SDK_VERSION } from '../../src/sdk/index.js';
import { check } from './check.js';
import { credentialsSchema, cursorSchema, settingsSchema } from './config.js';
import { discover } from './discover.js';
import { objectsOf } from './objects.js';
import { pull } from './pull.js';
import { push, pushCost } from './push.js';
import { QUOTA } from './quota.js';
import { read } from './read.js';
import { stream } from './stream.js';
import { erase } from './write/erase.js';

export default defineConnector({
  sdk: SDK_VERSION,
  name: 'salesforce',
  title: 'Salesforce',
  // Only the SOAP API undeletes: developer.salesforce.com/docs, SOAP API, undelete().
  bringBack: 'App Launcher → Recycle Bin → Org Recycle Bin: choose the record and Restore, within 15 days.',
  settings: settingsSchema,
  credentials: credentialsSchema,
  cursor: cursorSchema,
  objects: objectsOf,
  // Salesforce counts calls a day, not a second, and 25 long ones at once: the rest of the org needs some too.
  limits: [{ bucket: 'default', calls: 100, perMs: 1000, concurrent: 10 }],
  quota: QUOTA,
  check,
  discover,
  pull,
  read,
  push,
  erase,
  pushCost,
  stream,
});
