import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { titleOf } from './connector-name.js';

/** Path below the new connector's folder → content. */
export type Files = ReadonlyMap<string, string>;

const TEMPLATE = join('templates', 'connector');
const PLACEHOLDER = { name: 'example-crm', title: 'Example CRM' } as const;

/** The connector of `templates/connector` under another name, as it stands in `connectors/NAME`. */
export function connectorFiles(root: string, name: string): Files {
  const folder = join(root, TEMPLATE);
  if (!existsSync(folder)) throw new Error('Rapport is not installed whole: its templates are missing.');
  const renamed = (text: string): string =>
    text.replaceAll(PLACEHOLDER.name, name).replaceAll(PLACEHOLDER.title, titleOf(name));
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), renamed(readFileSync(path, 'utf8'))]),
  );
}
