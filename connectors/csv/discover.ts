import type { ObjectDescription, PropertyDescription } from '../../src/sdk/index.js';
import { idColumnsOf, objectsOf } from './objects.js';
import { openSource, type CsvContext } from './source.js';
import { openTable } from './table.js';

/** The columns of the file. A file says nothing of types: all is text. */
export async function discover(ctx: CsvContext): Promise<readonly ObjectDescription[]> {
  const source = await openSource(ctx, undefined);
  if (source === null) return [];
  try {
    const { header } = await openTable(source, ctx.settings, ctx.signal);
    const ids = new Set(idColumnsOf(ctx.settings));
    const names = [...new Set(header)].filter((name) => name !== '');
    const properties = names.map((name): PropertyDescription => ({
      name,
      title: name,
      type: 'text',
      writable: false,
      required: ids.has(name),
      custom: false,
    }));
    return objectsOf(ctx.settings).map(({ object, title }) => ({ object, title, properties }));
  } finally {
    await source.close();
  }
}
