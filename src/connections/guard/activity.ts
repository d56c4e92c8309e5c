import { isDatabaseTrouble } from '../../platform/database/index.js';
import type { ConnectorContext } from '../../sdk/index.js';
import { BrokenConnectorError } from './broken-connector.js';

/** What a connector does by its context: while a call, a wait or a look at the hub's records is under way, it is at work. */
export class Activity {
  private pending = 0;
  private lastAt = Date.now();
  private readonly hubs = new WeakSet<object>();

  constructor(
    private readonly source: string,
    private readonly idleMs: number,
  ) {}

  /** The same context; what is asked of it counts. */
  watched<S, C>(context: ConnectorContext<S, C>): ConnectorContext<S, C> {
    const { http, clock, known } = context;
    return replacing(context, {
      http: replacing(http, { send: (request) => this.during(() => http.send(request)) }),
      clock: replacing(clock, { sleep: (ms) => this.during(() => clock.sleep(ms)) }),
      known: replacing(known, {
        versions: (object, ids) => this.during(() => known.versions(object, ids)),
        ids: (object, after, limit) => this.during(() => known.ids(object, after, limit)),
      }),
      saveCredentials: (credentials) => this.during(() => context.saveCredentials(credentials)),
    });
  }

  /** Rejects when nothing happens any more and the work does not end. */
  async settled<T>(work: () => T | PromiseLike<T>): Promise<T> {
    this.lastAt = Date.now();
    const hung = Promise.withResolvers<never>();
    const timer = setInterval(() => {
      if (this.pending > 0 || Date.now() - this.lastAt < this.idleMs) return;
      const what = 'does not come back from a call.';
      hung.reject(new BrokenConnectorError(this.source, 'CONNECTOR_HANGS', { what }));
    }, this.idleMs / 4);
    // Hanging must not keep a process from ending.
    timer.unref();
    try {
      return await Promise.race([Promise.resolve(work()), hung.promise]);
    } finally {
      clearInterval(timer);
    }
  }

  /** Whether the hub's own database was away when the connector asked something of the hub: no fault of the connector. */
  isOfHub(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.hubs.has(error);
  }

  private async during<T>(work: () => Promise<T>): Promise<T> {
    this.pending += 1;
    try {
      return await work();
    } catch (error) {
      if (typeof error === 'object' && error !== null && isDatabaseTrouble(error)) this.hubs.add(error);
      throw error;
    } finally {
      this.pending -= 1;
      this.lastAt = Date.now();
    }
  }
}

/** The target, but for some of its members; methods keep their `this`. */
function replacing<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get: (whole, key): unknown => {
      if (Object.hasOwn(members, key)) return Reflect.get(members, key);
      const value: unknown = Reflect.get(whole, key, whole);
      return typeof value === 'function' && !Object.hasOwn(whole, key) ? value.bind(whole) : value;
    },
  });
}
