import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Access, type Caller } from '../access/index.js';
import { CustomersService } from '../customers/customers.service.js';
import type { CustomerDetail } from '../customers/detail.js';
import { EditService } from '../customers/edit.service.js';
import type { Explanation } from '../customers/explain.js';
import type { HistoryEntry } from '../customers/history.js';
import type { Page } from '../customers/paging.js';
import type { RecordView } from '../customers/record-view.js';
import type { CustomerSummary } from '../customers/search.repository.js';
import { MergeService, type Unmerged } from '../identity/merge.service.js';
import type { Entity } from '../sdk/index.js';
import * as answers from './answers.js';
import { ByCaller } from './caller.js';
import { Describe } from './describe.js';
import { editBody, pageQuery, searchQuery } from './inputs.js';
import { ZodPipe } from './zod.pipe.js';

const ID = { id: 'Id of the hub; one that was merged away means the one that took it in.' };
const FIELD = { ...ID, field: 'Canonical field: `phone`, `address.city`, `custom.tier`.' };

/** What customers, accounts and deals have in common. */
@Access('read')
export abstract class GoldenController {
  protected abstract readonly entity: Entity;

  constructor(
    protected readonly customers: CustomersService,
    protected readonly edits: EditService,
    protected readonly merges: MergeService,
  ) {}

  @Get()
  @Describe({ summary: 'Search, by title', query: searchQuery, answer: answers.pageOf(answers.summary) })
  async search(
    @Query(new ZodPipe(searchQuery, 'query')) { q, ...page }: z.output<typeof searchQuery>,
  ): Promise<Page<CustomerSummary>> {
    return this.customers.search({ ...page, query: q, entity: this.entity });
  }

  @Get(':id')
  @Describe({
    summary: 'The golden record with its provenance, source records, duplicates, merges and issues',
    params: ID,
    answer: answers.detail,
  })
  async find(@Param('id') id: string): Promise<CustomerDetail> {
    return this.customers.find({ id, entity: this.entity });
  }

  @Get(':id/records')
  @Describe({
    summary: 'What each system holds and said, and where it differs',
    params: ID,
    answer: answers.listOf(answers.record),
  })
  async records(@Param('id') id: string): Promise<{ readonly items: readonly RecordView[] }> {
    return { items: await this.customers.records({ id, entity: this.entity }) };
  }

  @Get(':id/history')
  @Describe({
    summary: 'What changed and what was overridden, newest first, with the writes it caused',
    params: ID,
    query: pageQuery,
    answer: answers.pageOf(answers.historyEntry),
  })
  async history(
    @Param('id') id: string,
    @Query(new ZodPipe(pageQuery, 'query')) page: z.output<typeof pageQuery>,
  ): Promise<Page<HistoryEntry>> {
    return this.customers.history({ ...page, id, entity: this.entity });
  }

  @Get(':id/explain/:field')
  @Describe({ summary: 'Why a field has its value', params: FIELD, answer: answers.explanation })
  async explain(@Param('id') id: string, @Param('field') field: string): Promise<Explanation> {
    return this.customers.explain({ id, field, entity: this.entity });
  }

  @Patch(':id')
  @Access('admin')
  @Describe({
    summary: 'Edit fields by hand',
    description: 'A claim of the hub for each field; the rules say what becomes of it.',
    params: ID,
    body: editBody,
    answer: answers.idOnly,
  })
  async edit(
    @Param('id') id: string,
    @Body(new ZodPipe(editBody, 'body')) { fields }: z.output<typeof editBody>,
    @ByCaller() caller: Caller,
  ): Promise<{ readonly id: string }> {
    return this.edits.edit({ id, entity: this.entity, values: fields, by: caller.name });
  }

  @Delete(':id/edits/:field')
  @Access('admin')
  @Describe({
    summary: 'Take back what people said of a field: the systems decide again',
    params: FIELD,
    answer: answers.idOnly,
  })
  async withdraw(@Param('id') id: string, @Param('field') field: string): Promise<{ readonly id: string }> {
    return this.edits.withdraw({ id, field, entity: this.entity });
  }

  @Post(':id/unmerge')
  @HttpCode(200)
  @Access('admin')
  @Describe({
    summary: 'Undo the newest merge that made this one, or that made this id an alias',
    params: { id: 'Id of the survivor or of the alias.' },
    answer: answers.unmerged,
  })
  async unmerge(@Param('id') id: string, @ByCaller() caller: Caller): Promise<Unmerged> {
    return this.merges.unmerge({ id, entity: this.entity, by: caller.name });
  }
}
