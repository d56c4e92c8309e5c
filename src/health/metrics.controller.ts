import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Metrics } from '../platform/telemetry/index.js';
import { SyncMetrics } from './sync-metrics.js';

@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly sync: SyncMetrics,
  ) {}

  @Get()
  async read(@Res() response: Response): Promise<void> {
    await this.sync.refresh();
    response.type(this.metrics.contentType).send(await this.metrics.text());
  }
}
