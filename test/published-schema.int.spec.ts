import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/platform/package-root.js';
import { PUBLISHED_SCHEMA, publishedSchema } from '../scripts/published-schema.js';

describe('published JSON Schema', () => {
  it('is that of this version; if not, run `npm run schema:publish`', async () => {
    const root = packageRoot();
    expect(await readFile(join(root, PUBLISHED_SCHEMA), 'utf8')).toBe(await publishedSchema(root));
  });
});
