import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import type { Connector } from '../src/sdk/index.js';
import { configJsonSchema } from '../src/platform/config/json-schema.js';

/** Where the schema is published, from the project's folder. */
export const PUBLISHED_SCHEMA = 'docs/rapport.schema.json';

/** The text of the published schema: that of the file, with what the project's own connectors take. */
export async function publishedSchema(root: string): Promise<string> {
  const folders = (await readdir(join(root, 'connectors'))).sort();
  const files = folders
    .map((folder) => join(root, 'connectors', folder, 'index.ts'))
    .filter((file) => existsSync(file));
  const connectors: Connector[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(file).href)) as { default: Connector };
    connectors.push(module.default);
  }
  return format(JSON.stringify(configJsonSchema(connectors)), {
    parser: 'json',
    singleQuote: true,
    printWidth: 110,
  });
}
