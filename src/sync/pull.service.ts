import { Injectable } from '@nestjs/common';
import type { ObjectSetup } from '../connections/active-connection.js';
import type { ConnectionSession } from '../connections/connections.service.js';
import { DEFAULT_LIMITS } from '../core/breaker/index.js';
import { Database } from '../platform/database/index.js';
import { ConnectorError, type Entity, type PullPage, type SourceRecord } from '../sdk/index.js';
import { clearPlacesNotSeen, reportIssues } from '../issues/issue.repository.js';
import * as cursors from './cursor.repository.js';
import { digestAhead, type Digest, type Digests } from './digest.js';
import { takeIn, type Batch } from './ingest.js';
import { joinedPages, type JoinedPage } from './joined-pages.js';
import { readAhead } from './read-ahead.js';
import { countLive } from './gate.repository.js';
import { believable } from './reading-guard.js';
import { lockResolve } from './resolve.repository.js';
import { ResolveService } from './resolve.service.js';
import { guarded, setAsideIssue, storeInParts } from './set-aside.js';

export interface PullOptions {
  readonly runId: string | null;
  /** Read all of it again, whatever the cursor says. */
  readonly full: boolean;
  /** Goes on with a reading that `until` stopped. */
  readonly resume: boolean;
  /** Stop between two pages once this says so; what is read is kept, and the next call goes on from there. */
  readonly until: () => boolean;
  /** Somebody said yes beforehand to whatever may be missing. */
  readonly approved?: boolean;
  readonly onTotal?: (object: string, total: number) => void;
  /** All of it is read from the beginning; so many live records of it are known. */
  readonly onFull?: (known: number) => void;
}

/** Records that wait to be stored while more are read: enough to fill a transaction, and memory stays bounded. */
const ENOUGH = 1_000;

function hasRoom(waiting: readonly PullPage<unknown>[]): boolean {
  return waiting.reduce((sum, page) => sum + page.records.length + page.tombstones.length, 0) < ENOUGH;
}

/** Reads objects of a connection page by page; each page is stored and resolved with its cursor in one transaction. */
@Injectable()
export class PullService {
  constructor(
    private readonly database: Database,
    private readonly resolver: ResolveService,
  ) {}

  /**
   * Reads one object from its cursor to its present end.
   *
   * @returns whether the end was reached; false when `until` stopped it between two pages
   * @throws ConnectorError when the system cannot be read; pages read before stay stored
   */
  async pullObject(session: ConnectionSession, setup: ObjectSetup, options: PullOptions): Promise<boolean> {
    const { connection, context } = session;
    const cursor = await this.database.transaction((tx) =>
      cursors.begin(tx, { connection, setup, full: options.full, resume: options.resume }),
    );
    const parsed = connection.connector.cursor.safeParse(cursor);
    let stored = 0;
    // A cursor that this version of the connector does not know starts from the beginning.
    const from = cursor !== null && parsed.success ? parsed.data : null;
    const { object, properties } = setup;
    if (from === null && options.onFull !== undefined)
      options.onFull(await countLive(this.database.prisma, connection.id, object));
    const digests = new WeakMap<SourceRecord, Digest>();
    // As it was with the page before: in a first read nothing is known, in a later full one nearly everything is.
    let newcomers = from === null || options.resume;
    const pulled = connection.connector.pull(context, { object, properties, cursor: from });
    const pages = believable(guarded(pulled, connection, context.signal), {
      connection: connection.name,
      object,
      full: from === null,
      limits: options.approved === true ? false : (setup.policy.breaker ?? DEFAULT_LIMITS),
      known: () => countLive(this.database, connection.id, object),
    });
    const digested = digestAhead(pages, {
      connection,
      setup,
      clockOffsetMs: () => session.clockOffsetMs(),
      digests,
      worthIt: () => newcomers,
    });
    try {
      for await (const group of readAhead(digested, hasRoom)) {
        for (const page of joinedPages(group)) {
          const fresh = await this.store(session, setup, page, { ...options, digests });
          newcomers = fresh * 2 > page.records.length;
          stored += 1;
          if (page.total !== undefined) options.onTotal?.(setup.object, page.total);
          if (options.until()) return false;
        }
      }
    } finally {
      await session.flushCounts(setup.object, options.runId);
    }
    await this.database.transaction(async (tx) => {
      const since = await cursors.complete(tx, connection.id, setup.object);
      // A file that did not change brings no page, and its bad lines are still bad.
      if (stored > 0 && since !== null) {
        await clearPlacesNotSeen(tx, { connectionId: connection.id, object: setup.object }, since);
      }
    });
    return true;
  }

  /** Reads what changed in the objects of one entity: so that nothing is made that is there already. */
  async refresh(session: ConnectionSession, entity: Entity, runId: string | null): Promise<void> {
    for (const setup of session.connection.objects.filter((one) => one.entity === entity)) {
      await this.pullObject(session, setup, { runId, full: false, resume: false, until: () => false });
    }
  }

  /** @returns how many of the records were new */
  private async store(
    session: ConnectionSession,
    setup: ObjectSetup,
    page: JoinedPage<unknown>,
    { runId, digests }: PullOptions & { readonly digests: Digests },
  ): Promise<number> {
    const { connection } = session;
    const options = { connection, setup, runId, counted: true, clockOffsetMs: session.clockOffsetMs() };
    const storePart = async (part: Batch, end: { readonly cursor?: unknown }): Promise<number> =>
      this.database.transaction(async (tx) => {
        await lockResolve(tx);
        const context = await this.resolver.context(tx);
        const how = { ...end, resolvesNow: true, suppresses: context.suppresses, digests };
        const { work } = await takeIn(tx, part, options, how);
        await this.resolver.resolveNow(tx, work, context);
        return work.fresh.size;
      });
    try {
      return await storePart(page, { cursor: page.cursor });
    } catch (error) {
      if (error instanceof ConnectorError || page.records.length === 0) throw error;
      await storeInParts(page, {
        store: async (part) => {
          await storePart(part, {});
        },
        setAside: (record, cause) =>
          this.database.transaction((tx) => reportIssues(tx, [setAsideIssue(options, record, cause)])),
      });
      // Not before each of its records is stored, or set aside for people to see.
      await this.database.transaction((tx) =>
        cursors.advance(tx, { connectionId: connection.id, object: setup.object, cursor: page.cursor }),
      );
      return 0;
    }
  }
}
