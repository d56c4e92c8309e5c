import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { createHttpSender, createMeteredHttp, type MeteredHttp } from '../platform/http/index.js';
import type { Clock } from '../sdk/index.js';
import type { ActiveConnection } from './active-connection.js';

interface Kept {
  readonly settings: string;
  readonly http: MeteredHttp;
  readonly cache: Map<string, unknown>;
}

/** What outlives a piece of work on a connection: its rate limits, its clock offset, its cache. One per process. */
@Injectable()
export class ConnectionHttp {
  private readonly sender = createHttpSender();
  private readonly kept = new Map<string, Kept>();

  of(connection: ActiveConnection): MeteredHttp {
    return this.keep(connection).http;
  }

  cacheOf(connection: ActiveConnection): Map<string, unknown> {
    return this.keep(connection).cache;
  }

  /** Forgets tokens and descriptions: credentials or settings are others now. */
  forget(connectionId: string): void {
    this.kept.delete(connectionId);
  }

  clock(signal: AbortSignal): Clock {
    return {
      now: () => Date.now(),
      sleep: async (ms) => {
        await wait(Math.max(0, ms), undefined, { signal });
      },
    };
  }

  private keep(connection: ActiveConnection): Kept {
    const settings = JSON.stringify(connection.settings);
    const found = this.kept.get(connection.id);
    if (found?.settings === settings) return found;
    const http = createMeteredHttp({
      limits: connection.connector.limits ?? [],
      clock: this.clock(new AbortController().signal),
      sender: this.sender,
    });
    const made = { settings, http, cache: new Map<string, unknown>() };
    this.kept.set(connection.id, made);
    return made;
  }
}
