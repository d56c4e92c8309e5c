/** Writes the JSON Schema of `rapport.yaml` to `docs/`: run it when the schema or a connector's settings change. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/platform/package-root.js';
import { PUBLISHED_SCHEMA, publishedSchema } from './published-schema.js';

const root = packageRoot();
await writeFile(join(root, PUBLISHED_SCHEMA), await publishedSchema(root));
