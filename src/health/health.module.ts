import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { SchemaIndicator } from './schema.indicator.js';
import { SyncMetrics } from './sync-metrics.js';

/** What operators and their probes ask. */
@Module({
  imports: [TerminusModule.forRoot({ errorLogStyle: 'json' })],
  controllers: [HealthController, MetricsController],
  providers: [SchemaIndicator, SyncMetrics],
})
export class HealthModule {}
