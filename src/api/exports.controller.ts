import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../access/index.js';
import { ExportService, type ExportFormat } from '../customers/export.service.js';
import { Describe } from './describe.js';
import { exportQuery } from './inputs.js';
import { ZodPipe } from './zod.pipe.js';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** Everything at once, streamed. */
@ApiTags('exports')
@ApiBearerAuth()
@Controller('api/v1/exports')
@Access('read')
export class ExportsController {
  constructor(private readonly exports: ExportService) {}

  @Get('links')
  @Describe({
    summary: 'Which source record stands for which customer, account or deal',
    description: 'CSV: `connection,object,external_id,customer_id`.',
    query: exportQuery,
    produces: ['text/csv', 'application/json'],
  })
  links(
    @Query(new ZodPipe(exportQuery, 'query')) { format, entity }: z.output<typeof exportQuery>,
  ): StreamableFile {
    return streamed(this.exports.linksText(format, { entity }), 'links', format);
  }

  @Get('customers')
  @Describe({
    summary: 'All customers, accounts or deals with their golden values',
    query: exportQuery,
    produces: ['text/csv', 'application/json'],
  })
  customers(
    @Query(new ZodPipe(exportQuery, 'query')) { format, entity }: z.output<typeof exportQuery>,
  ): StreamableFile {
    return streamed(this.exports.customersText(format, { entity }), `${entity ?? 'customer'}s`, format);
  }
}

function streamed(pieces: AsyncIterable<string>, name: string, format: ExportFormat): StreamableFile {
  const stream = Readable.from(pieces, { objectMode: false });
  return new StreamableFile(stream, {
    type: TYPES[format],
    disposition: `attachment; filename="${name}.${format}"`,
  });
}
