import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, type Caller } from '../access/index.js';
import { FrozenFieldService, type Decided } from '../customers/frozen-field.service.js';
import type { Page } from '../customers/paging.js';
import type { IssueGroup, IssueView } from '../issues/issue-list.repository.js';
import { IssuesService } from '../issues/issues.service.js';
import * as answers from './answers.js';
import { ByCaller } from './caller.js';
import { Describe } from './describe.js';
import { decideBody, issueFilterQuery, issuesQuery, retryBody } from './inputs.js';
import { ZodPipe } from './zod.pipe.js';

const ID = { id: 'Id of the sync issue.' };
const decided = z.strictObject({ id: z.uuid(), field: z.string(), value: z.json() });
const retried = z.strictObject({ retried: z.int() });

/** What did not sync. */
@ApiTags('issues')
@ApiBearerAuth()
@Controller('api/v1/issues')
@Access('read')
export class IssuesController {
  constructor(
    private readonly issues: IssuesService,
    private readonly frozen: FrozenFieldService,
  ) {}

  @Get()
  @Describe({
    summary: 'Sync issues, newest first',
    query: issuesQuery,
    answer: answers.pageOf(answers.issue),
  })
  async list(
    @Query(new ZodPipe(issuesQuery, 'query')) query: z.output<typeof issuesQuery>,
  ): Promise<Page<IssueView>> {
    return this.issues.list(query);
  }

  @Get('groups')
  @Describe({
    summary: 'How many there are of each kind',
    query: issueFilterQuery,
    answer: answers.listOf(answers.issueGroup),
  })
  async groups(
    @Query(new ZodPipe(issueFilterQuery, 'query')) filter: z.output<typeof issueFilterQuery>,
  ): Promise<{ readonly items: readonly IssueGroup[] }> {
    return { items: await this.issues.groups(filter) };
  }

  @Get(':id')
  @Describe({ summary: 'One sync issue', params: ID, answer: answers.issue })
  async find(@Param('id') id: string): Promise<IssueView> {
    return this.issues.find(id);
  }

  @Post('retry')
  @HttpCode(202)
  @Access('admin')
  @Describe({
    summary: 'Try again now all that meet a filter',
    body: retryBody,
    status: 202,
    answer: retried,
  })
  async retryAll(
    @Body(new ZodPipe(retryBody, 'body')) { filter }: z.output<typeof retryBody>,
  ): Promise<z.output<typeof retried>> {
    return { retried: await this.issues.retry(filter) };
  }

  @Post(':id/retry')
  @HttpCode(202)
  @Access('admin')
  @Describe({ summary: 'Try again now', params: ID, status: 202, answer: retried })
  async retry(@Param('id') id: string): Promise<z.output<typeof retried>> {
    return { retried: await this.issues.retry({ id }) };
  }

  @Post(':id/decide')
  @HttpCode(202)
  @Access('admin')
  @Describe({
    summary: 'Decide the value of a frozen field: one of your own, or what a connection holds',
    params: ID,
    body: decideBody,
    status: 202,
    answer: decided,
  })
  async decide(
    @Param('id') issueId: string,
    @Body(new ZodPipe(decideBody, 'body')) word: z.output<typeof decideBody>,
    @ByCaller() caller: Caller,
  ): Promise<Decided> {
    return this.frozen.decide({ ...word, issueId, by: caller.name });
  }

  @Post(':id/skip')
  @HttpCode(200)
  @Access('admin')
  @Describe({ summary: 'Leave it so: no longer counted as unsynced', params: ID, answer: answers.issue })
  async skip(@Param('id') id: string): Promise<IssueView> {
    return this.issues.skip(id);
  }

  @Post(':id/unskip')
  @HttpCode(200)
  @Access('admin')
  @Describe({ summary: 'Count it again', params: ID, answer: answers.issue })
  async unskip(@Param('id') id: string): Promise<IssueView> {
    return this.issues.unskip(id);
  }
}
