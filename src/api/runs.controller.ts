import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../access/index.js';
import { isUuid } from '../customers/golden.repository.js';
import { pageOf, startOf, type Page } from '../customers/paging.js';
import { RequestError } from '../customers/request-error.js';
import type { RunReport, RunSummary } from '../runs/run-report.js';
import { RunsService } from '../runs/runs.service.js';
import * as answers from './answers.js';
import { Describe } from './describe.js';
import { pageQuery, startRunBody } from './inputs.js';
import { ZodPipe } from './zod.pipe.js';

const POSITION = z.tuple([z.iso.datetime()]);

/** Syncs: what they read and wrote. */
@ApiTags('runs')
@ApiBearerAuth()
@Controller('api/v1/runs')
@Access('read')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

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
    params: { id: 'Id of the run.' },
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
    @Body(new ZodPipe(startRunBody, 'body')) { connections, full }: z.output<typeof startRunBody>,
  ): Promise<{ readonly runId: string }> {
    return this.runs.start({
      full,
      trigger: 'manual',
      ...(connections !== undefined && { connectionNames: connections }),
    });
  }
}
