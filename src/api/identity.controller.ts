import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, type Caller } from '../access/index.js';
import type { Page } from '../customers/paging.js';
import type { CandidateView } from '../identity/candidate-list.repository.js';
import { CandidatesService, type Decided } from '../identity/candidates.service.js';
import { MergeService, type Merged } from '../identity/merge.service.js';
import * as answers from './answers.js';
import { ByCaller } from './caller.js';
import { Describe } from './describe.js';
import { candidatesQuery, decisionBody, mergeBody } from './inputs.js';
import { ZodPipe } from './zod.pipe.js';

/** Who is who: what people say of it. */
@ApiTags('identity')
@ApiBearerAuth()
@Controller('api/v1')
@Access('read')
export class IdentityController {
  constructor(
    private readonly candidateList: CandidatesService,
    private readonly merges: MergeService,
  ) {}

  @Get('candidates')
  @Describe({
    summary: 'Pairs of records that a person should judge',
    query: candidatesQuery,
    answer: answers.pageOf(answers.candidate),
  })
  async candidates(
    @Query(new ZodPipe(candidatesQuery, 'query')) query: z.output<typeof candidatesQuery>,
  ): Promise<Page<CandidateView>> {
    return this.candidateList.list(query);
  }

  @Post('candidates/decide')
  @HttpCode(200)
  @Access('admin')
  @Describe({
    summary: 'Say that two source records are the same, or not; it outlives every rerun',
    body: decisionBody,
    answer: answers.decided,
  })
  async decide(
    @Body(new ZodPipe(decisionBody, 'body')) decision: z.output<typeof decisionBody>,
    @ByCaller() caller: Caller,
  ): Promise<Decided> {
    return this.candidateList.decide({ ...decision, by: caller.name });
  }

  @Post('merges')
  @Access('admin')
  @Describe({
    summary: 'Merge two customers, or two accounts; the older id stays',
    body: mergeBody,
    status: 201,
    answer: answers.merged,
  })
  async merge(
    @Body(new ZodPipe(mergeBody, 'body')) { a, b }: z.output<typeof mergeBody>,
    @ByCaller() caller: Caller,
  ): Promise<Merged> {
    return this.merges.merge(a, b, caller.name);
  }
}
