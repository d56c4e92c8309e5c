import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ENTITIES } from '../../core/model/fields.js';
import { ExportService } from '../../customers/export.service.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import { oneOf } from '../one-of.js';

/** Page by page, as fast as the reader takes it. */
export async function exportAll(
  what: 'links' | 'customers',
  given: { readonly format: string; readonly entity?: string },
): Promise<ExitCode> {
  const format = oneOf(given.format, ['csv', 'json'], 'format');
  const entity = given.entity === undefined ? undefined : oneOf(given.entity, ENTITIES, 'entity');
  return withHub({ work: false }, async (hub) => {
    const exporter = hub.get(ExportService);
    const options = { entity, lineEnd: '\n' } as const;
    const text =
      what === 'links' ? exporter.linksText(format, options) : exporter.customersText(format, options);
    await pipeline(Readable.from(text), process.stdout, { end: false, signal: hub.signal });
    return EXIT.done;
  });
}
