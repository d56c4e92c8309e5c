import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../access/index.js';
import { ConnectorRegistry } from '../connections/connector-registry.js';
import { configJsonSchema } from '../platform/config/index.js';
import { Database, rows, sql } from '../platform/database/index.js';
import { RulesService, type Rules } from '../rules/rules.service.js';
import type { JsonObject } from '../sdk/index.js';
import * as answers from './answers.js';
import { Describe } from './describe.js';

interface RuleVersion {
  readonly version: number;
  readonly appliedAt: Date;
  readonly hash: string;
}

/** What is in force, and what a configuration file may say. */
@ApiTags('configuration')
@ApiBearerAuth()
@Controller('api/v1')
@Access('read')
export class ConfigurationController {
  constructor(
    private readonly database: Database,
    private readonly rulesService: RulesService,
    private readonly registry: ConnectorRegistry,
  ) {}

  @Get('rules')
  @Describe({ summary: 'The survivorship and match rules in force', answer: answers.rules })
  async rules(): Promise<Rules> {
    return this.rulesService.current();
  }

  @Get('rules/versions')
  @Describe({
    summary: 'When rules were put in force, newest first',
    answer: answers.listOf(answers.ruleVersion),
  })
  async versions(): Promise<{ readonly items: readonly RuleVersion[] }> {
    const items = await rows<RuleVersion>(
      this.database,
      sql`select version, applied_at as "appliedAt", hash from rule_set order by version desc limit 200`,
    );
    return { items };
  }

  @Get('config/schema')
  @Describe({ summary: 'JSON Schema of rapport.yaml', answer: z.looseObject({}) })
  schema(): JsonObject {
    return configJsonSchema(this.registry.all());
  }
}
