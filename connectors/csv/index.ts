/** Rows of a CSV or TSV file, on disk or on the web. Read only. */
import { defineConnector, SDK_VERSION } from '../../src/sdk/index.js';
import { check } from './check.js';
import { credentialsSchema, cursorSchema, settingsSchema } from './config.js';
import { discover } from './discover.js';
import { objectsOf } from './objects.js';
import { pull } from './pull.js';

export default defineConnector({
  sdk: SDK_VERSION,
  name: 'csv',
  title: 'CSV file',
  settings: settingsSchema,
  credentials: credentialsSchema,
  cursor: cursorSchema,
  objects: objectsOf,
  check,
  discover,
  pull,
});
