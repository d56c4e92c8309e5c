import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import {
  ClockOffset,
  createHttpSender,
  createRateLimiter,
  type RateLimiter,
} from '../platform/http/index.js';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import type { Clock } from '../sdk/index.js';
import type { ActiveConnection } from './active-connection.js';
import { exchange } from './call-ledger.repository.js';
import { CallMeter } from './call-meter.js';

/** What this process keeps of the calls to one system for as long as it lives. */
export interface SystemCalls {
  readonly limiter: RateLimiter;
  readonly offset: ClockOffset;
  readonly meter: CallMeter;
}

interface Cache {
  readonly settings: string;
  readonly cache: Map<string, unknown>;
}

/** What outlives a piece of work on a connection: its rate limits, its count of calls, its clock offset, its cache. */
@Injectable()
export class ConnectionHttp implements OnApplicationShutdown {
  readonly sender = createHttpSender();
  private readonly processId = randomUUID();
  private readonly calls = new Map<string, SystemCalls>();
  private readonly caches = new Map<string, Cache>();

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  of(connection: ActiveConnection): SystemCalls {
    const found = this.calls.get(connection.id);
    if (found !== undefined) return found;
    const { limits = [], quota } = connection.connector;
    const clock = this.clock(new AbortController().signal);
    const limiter = createRateLimiter(limits, clock);
    const meter = new CallMeter({
      connectionId: connection.id,
      quota,
      limiter,
      now: () => clock.now(),
      exchange: (entry) => exchange(this.database, { ...entry, processId: this.processId }),
      onError: (error) => {
        this.logger.warn(
          { err: error, connection: connection.name },
          'API calls could not be counted; tried again',
        );
      },
    });
    const made = { limiter, meter, offset: new ClockOffset(connection.clockOffsetMs) };
    this.calls.set(connection.id, made);
    return made;
  }

  cacheOf(connection: ActiveConnection): Map<string, unknown> {
    const settings = JSON.stringify(connection.settings);
    const found = this.caches.get(connection.id);
    if (found?.settings === settings) return found.cache;
    const cache = new Map<string, unknown>();
    this.caches.set(connection.id, { settings, cache });
    return cache;
  }

  /** Forgets tokens and descriptions: credentials or settings are others now. */
  forget(connectionId: string): void {
    this.caches.delete(connectionId);
  }

  clock(signal: AbortSignal): Clock {
    return {
      now: () => Date.now(),
      sleep: async (ms) => {
        await wait(Math.max(0, ms), undefined, { signal });
      },
    };
  }

  /** What this process knows of calls is told to the others. */
  async tellAll(): Promise<void> {
    for (const { meter } of this.calls.values()) await meter.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tellAll();
  }
}
