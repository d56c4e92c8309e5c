import { ConnectorError, type CheckItem } from '../../src/sdk/index.js';
import { findColumns } from './columns.js';
import { openSource, type CsvContext } from './source.js';
import { openTable } from './table.js';

const LINES = {
  reach: 'The file can be read.',
  columns: 'Every column named in the settings is there.',
} as const;

/** Opens the file and looks for the columns. */
export async function check(ctx: CsvContext): Promise<readonly CheckItem[]> {
  const items: CheckItem[] = [];
  try {
    const source = await openSource(ctx, undefined);
    if (source === null) return [{ name: 'reach', status: 'ok', message: LINES.reach }];
    try {
      items.push({ name: 'reach', status: 'ok', message: LINES.reach });
      const { header } = await openTable(source, ctx.settings, ctx.signal);
      findColumns(header, ctx.settings, []);
      items.push({ name: 'columns', status: 'ok', message: LINES.columns });
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const name = items.length === 0 ? 'reach' : 'columns';
    items.push({ name, status: 'failed', message: error.message, remedy: error.remedy });
  }
  return items;
}
