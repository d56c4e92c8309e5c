/** The REST resources under /services/data that syncing uses. */
import { describeObject } from './describe.js';
import { collection, type Call } from './collections.js';
import { CURRENCIES, objectDef, OBJECTS } from './fields.js';
import { Problem } from './problem.js';
import type { Answer } from './sign-in.js';
import type { BulkJobs } from './bulk.js';
import { parseSoql } from './soql-parser.js';
import { runQuery } from './soql-run.js';
import type { Store, StoredRow } from './store.js';
import type { Usage } from './usage.js';

const PAGE = 2000;
const LOG_MS = 15 * 86_400_000;

export class Rest {
  private readonly cursors = new Map<string, { readonly records: readonly unknown[] }>();

  constructor(
    private readonly store: Store,
    private readonly usage: Usage,
    private readonly bulk: BulkJobs,
  ) {}

  /** `segments` follow the version in the path. */
  answer(call: Call): Answer {
    const [first, second, third] = call.segments;
    if (first === 'limits') return { status: 200, body: this.limits() };
    if (first === 'query' || first === 'queryAll') {
      const all = first === 'queryAll';
      return { status: 200, body: second === undefined ? this.query(call, all) : this.more(call, second) };
    }
    if (first === 'tooling' && second === 'query') return { status: 200, body: this.tooling(call) };
    if (first === 'sobjects' && second !== undefined && third === 'describe')
      return { status: 200, body: this.describe(second) };
    if (first === 'sobjects' && second !== undefined && third === 'deleted')
      return { status: 200, body: this.deleted(second, call) };
    if (first === 'connect' && second === 'organization')
      return { status: 200, body: { name: 'Sandbox', features: this.features() } };
    if (first === 'composite' && second === 'sobjects')
      return { status: 200, body: collection(this.store, { ...call, segments: call.segments.slice(2) }) };
    if (first === 'jobs') return this.bulk.answer({ ...call, segments: call.segments.slice(1) });
    throw new Problem(404, 'NOT_FOUND', 'The requested resource does not exist');
  }

  /** The default currency is told only where there is one for all. */
  private features(): unknown {
    const multiCurrency = this.store.rules.multiCurrency === true;
    return multiCurrency ? { multiCurrency } : { multiCurrency, defaultCurrencyIsoCode: CURRENCIES[0] };
  }

  private limits(): unknown {
    const { used, limit } = this.usage;
    return { DailyApiRequests: { Max: limit, Remaining: limit - used } };
  }

  /** Of all that the Tooling API knows: the entities that change data capture is switched on for. */
  private tooling(call: Call): unknown {
    if (!/^SELECT SelectedEntity FROM PlatformEventChannelMember$/i.test(call.query.get('q') ?? ''))
      throw new Problem(400, 'MALFORMED_QUERY', 'the sandbox does not know this object');
    const selected = this.store.rules.changeEvents ?? OBJECTS.map(({ type }) => type);
    const records = selected.map((type) => ({ SelectedEntity: `${type}ChangeEvent` }));
    return { size: records.length, totalSize: records.length, done: true, records };
  }

  private query(call: Call, all: boolean): unknown {
    const result = runQuery(this.store, parseSoql(call.query.get('q') ?? ''), { all, version: call.version });
    if (result.records.length <= PAGE) return { ...result, done: true };
    const id = `0r8SB${String(this.cursors.size).padStart(13, '0')}`;
    this.cursors.set(id, result);
    return this.page(call, id, 0);
  }

  private more(call: Call, locator: string): unknown {
    const [id = '', start] = locator.split('-');
    return this.page(call, id, Number(start));
  }

  private page(call: Call, id: string, start: number): unknown {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) throw new Problem(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    const totalSize = cursor.records.length;
    const records = cursor.records.slice(start, start + PAGE);
    const next = start + PAGE;
    if (next >= totalSize) return { totalSize, done: true, records };
    return {
      totalSize,
      done: false,
      nextRecordsUrl: `/services/data/v${call.version}/query/${id}-${String(next)}`,
      records,
    };
  }

  /** The delete log, to the minute. */
  private deleted(type: string, call: Call): unknown {
    const [start, end] = ['start', 'end'].map((name) => Date.parse(call.query.get(name) ?? ''));
    const now = this.store.now();
    if (start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end) || start >= end)
      throw new Problem(400, 'INVALID_REPLICATION_DATE', 'startDate before endDate is required');
    if (start < now - LOG_MS)
      throw new Problem(400, 'INVALID_REPLICATION_DATE', 'startDate is beyond the replication limit');
    const at = (row: StoredRow): number => Number(row['SystemModstamp']);
    const rows = [...this.store.rows(type).values()].filter(
      (row) => row['IsDeleted'] === true && at(row) >= start && at(row) < end,
    );
    return {
      deletedRecords: [
        ...rows.map((row) => ({ id: row['Id'], deletedDate: stampOf(at(row)) })),
        ...this.store
          .deletions(type)
          .filter((gone) => gone.at >= start && gone.at < end)
          .map((gone) => ({ id: gone.id, deletedDate: stampOf(gone.at) })),
      ],
      earliestDateAvailable: stampOf(now - LOG_MS),
      latestDateCovered: stampOf(Math.floor(Math.min(end, now) / 60_000) * 60_000),
    };
  }

  private describe(type: string): unknown {
    const def = objectDef(type);
    if (def === undefined) throw new Problem(404, 'NOT_FOUND', 'The requested resource does not exist');
    return describeObject(def, (name) => this.store.hides(name));
  }
}

function stampOf(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}
