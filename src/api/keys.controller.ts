import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, ApiKeysService, type ApiKeyView } from '../access/index.js';
import * as answers from './answers.js';
import { Describe } from './describe.js';
import { newKeyBody } from './inputs.js';
import { ZodPipe } from './zod.pipe.js';

/** Keys of this API. */
@ApiTags('keys')
@ApiBearerAuth()
@Controller('api/v1/keys')
@Access('admin')
export class KeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @Describe({ summary: 'All keys, without their secrets', answer: answers.listOf(answers.apiKey) })
  async list(): Promise<{ readonly items: readonly ApiKeyView[] }> {
    return { items: await this.keys.list() };
  }

  @Post()
  @Describe({
    summary: 'Make a key; it is shown this once',
    body: newKeyBody,
    status: 201,
    answer: answers.newApiKey,
  })
  async create(
    @Body(new ZodPipe(newKeyBody, 'body')) request: z.output<typeof newKeyBody>,
  ): Promise<ApiKeyView & { readonly key: string }> {
    return this.keys.create(request);
  }

  @Delete(':id')
  @HttpCode(204)
  @Describe({ summary: 'Revoke a key', params: { id: 'Id of the key.' }, status: 204 })
  async revoke(@Param('id') id: string): Promise<void> {
    await this.keys.revoke(id);
  }
}
