import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, type Caller } from '../access/index.js';
import { AuditsService } from '../drift/audits.service.js';
import type { AuditView, ListedFinding } from '../drift/drift.repository.js';
import { REASONS } from '../drift/reason.js';
import { listOf } from './answers.js';
import { ByCaller } from './caller.js';
import { Describe } from './describe.js';
import { startAuditBody } from './inputs.js';
import { ZodPipe } from './zod.pipe.js';

const reason = z.enum(REASONS);

export const auditAnswer = z.strictObject({
  id: z.uuid(),
  trigger: z.enum(['manual', 'schedule']),
  repair: z.boolean(),
  by: z.string(),
  state: z.enum(['running', 'done']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  share: z
    .number()
    .nullable()
    .meta({ description: 'Linked records identical everywhere, 0 to 1; null when there are none.' }),
  parts: z.array(
    z.strictObject({
      connection: z.string(),
      object: z.string(),
      read: z.int(),
      linked: z.int(),
      identical: z.int(),
      reasons: z.partialRecord(reason, z.int()),
      missed: z.boolean(),
      problem: z.record(z.string(), z.json()).nullable(),
    }),
  ),
});

export const auditWithFindings = auditAnswer.extend({
  findings: z.array(
    z.strictObject({
      connection: z.string(),
      object: z.string(),
      externalId: z.string(),
      customerId: z.uuid().nullable(),
      reason,
      fields: z.array(z.string()),
    }),
  ),
});

/** Does every system hold what the hub believes? */
@ApiTags('audits')
@ApiBearerAuth()
@Controller('api/v1/audits')
@Access('read')
export class AuditsController {
  constructor(private readonly audits: AuditsService) {}

  @Get()
  @Describe({ summary: 'Audits, newest first', answer: listOf(auditAnswer) })
  async list(): Promise<{ readonly items: readonly AuditView[] }> {
    return { items: await this.audits.list() };
  }

  @Get(':id')
  @Describe({
    summary: 'An audit with what it found: at most 500 of each reason, until the next one begins',
    params: { id: 'Id of the audit.' },
    answer: auditWithFindings,
  })
  async find(@Param('id') id: string): Promise<AuditView & { readonly findings: readonly ListedFinding[] }> {
    return this.audits.find(id);
  }

  @Post()
  @HttpCode(202)
  @Access('admin')
  @Describe({
    summary: 'Read everything again and compare',
    body: startAuditBody,
    status: 202,
    answer: z.strictObject({ auditId: z.uuid() }),
  })
  async start(
    @Body(new ZodPipe(startAuditBody, 'body')) { repair }: z.output<typeof startAuditBody>,
    @ByCaller() caller: Caller,
  ): Promise<{ readonly auditId: string }> {
    return this.audits.start({ repair, by: caller.name });
  }
}
