import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, type Caller } from '../access/index.js';
import { AuditService } from '../access/audit.service.js';
import type { AuditEntry } from '../access/audit.repository.js';
import type { Page } from '../customers/paging.js';
import { PersonExportService, type PersonExport } from '../customers/person-export.service.js';
import { ErasureService, type ErasurePlan } from '../erasure/erasure.service.js';
import type { ErasureView } from '../erasure/erasure-list.repository.js';
import type { SuppressionView } from '../erasure/suppression.repository.js';
import { ByCaller } from './caller.js';
import { Describe } from './describe.js';
import { liftBody, pageQuery } from './inputs.js';
import * as answers from './privacy-answers.js';
import { ZodPipe } from './zod.pipe.js';

const CUSTOMER = { id: 'Id of the customer; one that was merged away means the one that took it in.' };

/** What people have a right to: to know what is held of them, and to be forgotten. */
@ApiTags('privacy')
@ApiBearerAuth()
@Controller('api/v1')
@Access('admin')
export class PrivacyController {
  constructor(
    private readonly erasures: ErasureService,
    private readonly exports: PersonExportService,
    private readonly audit: AuditService,
  ) {}

  @Get('customers/:id/export')
  @Describe({
    summary: 'Everything the hub holds of a person',
    description: 'Who asked for it is noted.',
    params: CUSTOMER,
    answer: answers.personExport,
  })
  async exportPerson(@Param('id') id: string, @ByCaller() caller: Caller): Promise<PersonExport> {
    return this.exports.exportPerson({ id, by: caller.name });
  }

  @Get('customers/:id/erasure-plan')
  @Describe({ summary: 'What erasing the person would do', params: CUSTOMER, answer: answers.erasurePlan })
  async plan(@Param('id') id: string): Promise<ErasurePlan> {
    return this.erasures.plan(id);
  }

  @Post('customers/:id/erase')
  @HttpCode(202)
  @Describe({
    summary: 'Forget a person: here at once, in the systems as each connection says',
    description:
      'Cannot be undone. The answer tells what is done already; `GET /api/v1/erasures/:id` the rest.',
    params: CUSTOMER,
    status: 202,
    answer: answers.erasure,
  })
  async erase(@Param('id') id: string, @ByCaller() caller: Caller): Promise<ErasureView> {
    return this.erasures.erase({ id, by: caller.name });
  }

  @Get('erasures')
  @Describe({ summary: 'Erasures with their receipts: those that wait first', answer: answers.erasures })
  async list(): Promise<{ readonly items: readonly ErasureView[] }> {
    return { items: await this.erasures.list() };
  }

  @Get('erasures/:id')
  @Describe({
    summary: 'One erasure with its receipts',
    params: { id: 'Id of the erasure.' },
    answer: answers.erasure,
  })
  async find(@Param('id') id: string): Promise<ErasureView> {
    return this.erasures.find(id);
  }

  @Post('erasures/retry')
  @HttpCode(204)
  @Describe({ summary: 'Try now what waits for a later attempt', status: 204 })
  async retry(): Promise<void> {
    await this.erasures.retry();
  }

  @Get('suppressions')
  @Describe({
    summary: 'Erased people who are kept out, and how often they were',
    answer: answers.suppressions,
  })
  async suppressions(): Promise<{ readonly items: readonly SuppressionView[] }> {
    return { items: await this.erasures.suppressions() };
  }

  @Post('suppressions/lift')
  @HttpCode(200)
  @Describe({
    summary: 'Let an erased person in again',
    description: 'Only hashes are kept: an identifier of the person has to be given.',
    body: liftBody,
    answer: answers.lifted,
  })
  async lift(
    @Body(new ZodPipe(liftBody, 'body')) body: z.output<typeof liftBody>,
    @ByCaller() caller: Caller,
  ): Promise<{ readonly erasures: readonly string[] }> {
    return this.erasures.lift({ ...body, by: caller.name });
  }

  @Get('audit-log')
  @Describe({
    summary: 'Who erased, exported or let in again whom, newest first',
    query: pageQuery,
    answer: answers.auditLog,
  })
  async log(
    @Query(new ZodPipe(pageQuery, 'query')) page: z.output<typeof pageQuery>,
  ): Promise<Page<AuditEntry>> {
    return this.audit.list(page);
  }
}
