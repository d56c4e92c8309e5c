import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, type Caller } from '../access/index.js';
import { isUuid } from '../customers/golden.repository.js';
import { pageOf, startOf, type Page } from '../customers/paging.js';
import { RequestError } from '../customers/request-error.js';
import type { RunReport, RunSummary } from '../runs/run-report.js';
import { RunsService } from '../runs/runs.service.js';
import { ApprovalService, type HeldWrites } from '../sync/approval.service.js';
import { UndoService, type Undone } from '../sync/undo.service.js';
import * as answers from './answers.js';
import { ByCaller } from './caller.js';
import { Describe } from './describe.js';
import { pageQuery, startRunBody, undoBody } from './inputs.js';
import { ZodPipe } from './zod.pipe.js';

const ID = { id: 'Id of the run.' };
const POSITION = z.tuple([z.iso.datetime()]);

/** Syncs: what they read and wrote. */
@ApiTags('runs')
@ApiBearerAuth()
@Controller('api/v1/runs')
@Access('read')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly approvals: ApprovalService,
    private readonly undos: UndoService,
  ) {}

  @Get()
  @Describe({ summary: 'Runs, newest first', query: pageQuery, answer: answers.pageOf(answers.run) })
  async list(
    @Query(new ZodPipe(pageQuery, 'query')) { limit, cursor }: z.output<typeof pageQuery>,
  ): Promise<Page<RunSummary>> {
    const after = startOf(cursor, POSITION);
    const found = await this.runs.list({
      limit: limit + 1,
      ...(after !== undefined && { before: new Date(after[0]) }),
    });
    return pageOf(found, limit, (run) => [run.startedAt.toISOString()]);
  }

  @Get(':id')
  @Describe({
    summary: 'One run with its counts and what it still waits for',
    params: ID,
    answer: answers.runReport,
  })
  async find(@Param('id') id: string): Promise<RunReport> {
    const run = isUuid(id) ? await this.runs.find(id) : null;
    if (run !== null) return run;
    throw new RequestError({
      kind: 'unknown',
      message: 'There is no such run.',
      remedy: 'List the runs to see their ids.',
    });
  }

  @Get(':id/held')
  @Describe({
    summary: 'What of a run waits for approval or was rejected, with samples as they would be written',
    params: ID,
    answer: answers.listOf(answers.held),
  })
  async held(@Param('id') id: string): Promise<{ readonly items: readonly HeldWrites[] }> {
    await this.find(id);
    return { items: await this.approvals.held(id) };
  }

  @Post(':id/approve')
  @HttpCode(202)
  @Access('admin')
  @Describe({
    summary: 'Let a run write what it stopped to ask about, or what was rejected of it',
    params: ID,
    status: 202,
    answer: answers.run,
  })
  async approve(@Param('id') id: string, @ByCaller() caller: Caller): Promise<RunSummary> {
    await this.approvals.approve(id, caller.name);
    return this.summary(id);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Access('admin')
  @Describe({
    summary: 'Write nothing of what a run stopped to ask about',
    params: ID,
    answer: answers.run,
  })
  async reject(@Param('id') id: string, @ByCaller() caller: Caller): Promise<RunSummary> {
    await this.approvals.reject(id, caller.name);
    return this.summary(id);
  }

  @Post(':id/undo')
  @HttpCode(202)
  @Access('admin')
  @Describe({
    summary: 'Write back what was there before the run, where nobody has changed it since',
    params: ID,
    body: undoBody,
    status: 202,
    answer: answers.undone,
  })
  async undo(
    @Param('id') id: string,
    @Body(new ZodPipe(undoBody, 'body')) { dryRun }: z.output<typeof undoBody>,
    @ByCaller() caller: Caller,
  ): Promise<Undone> {
    return this.undos.undo(id, { by: caller.name, dryRun });
  }

  private async summary(id: string): Promise<RunSummary> {
    const { trigger, full, state, startedAt, finishedAt, connections } = await this.find(id);
    return { id, trigger, full, state, startedAt, finishedAt, connections };
  }

  @Post()
  @HttpCode(202)
  @Access('admin')
  @Describe({
    summary: 'Start a sync',
    body: startRunBody,
    status: 202,
    answer: z.strictObject({ runId: z.uuid() }),
  })
  async start(
    @Body(new ZodPipe(startRunBody, 'body'))
    { connections, full, approve }: z.output<typeof startRunBody>,
    @ByCaller() caller: Caller,
  ): Promise<{ readonly runId: string }> {
    return this.runs.start({
      full,
      trigger: 'manual',
      ...(connections !== undefined && { connectionNames: connections }),
      ...(approve && { approvedBy: caller.name }),
    });
  }
}
