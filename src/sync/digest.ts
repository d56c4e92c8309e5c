import { setImmediate as nextTurn } from 'node:timers/promises';
import { identityFields, observe, observeDuring } from '../core/claims/index.js';
import { toCanonical } from '../core/mapping/index.js';
import { identifiersOf, ownCrossReference } from '../core/matching/index.js';
import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import type { IssueReport } from '../issues/issue.repository.js';
import type { PullPage, SourceRecord } from '../sdk/index.js';
import type { LockedRecord, RecordWrite } from './ingest.repository.js';
import { issueBase } from './read-issues.js';
import { observationOf } from './observation.js';
import { referenceIdentifiers } from './references.js';

export interface DigestOptions {
  readonly connection: ActiveConnection;
  readonly setup: ObjectSetup;
  /** The system's clock minus the hub's, ms. */
  readonly clockOffsetMs: number;
  /** Start of the request, ms, hub's clock. */
  readonly readAt: number;
  /** What is stored of it; undefined for a new one. */
  readonly before: LockedRecord | undefined;
}

/** What a record that was read comes to. */
export interface Digest {
  readonly readAt: number;
  /** Values that cannot be read. */
  readonly issues: readonly IssueReport[];
  /** Nothing when it says nothing new. */
  readonly write?: RecordWrite;
}

export type Digests = Pick<WeakMap<SourceRecord, Digest>, 'get'>;

/** What is to be stored of a record as it was read; pure. */
export function digestRecord(record: SourceRecord, known: DigestOptions): Digest {
  const { connection, setup, before, readAt } = known;
  const canonical = toCanonical({ entity: setup.entity, mapping: setup.mapping, values: record.values });
  const issues = canonical.problems.map(({ field, message, remedy }): IssueReport => ({
    ...issueBase(connection, setup, record.id),
    recordId: before?.id ?? null,
    code: 'UNREADABLE_VALUE',
    severity: 'notice',
    field,
    message,
    remedy,
  }));
  const seen = observationOf(record, canonical.fields, known);
  const how = { entity: setup.entity, pushOnly: setup.pushOnly, madeByHub: false };
  const held = before?.fields ?? {};
  const observed =
    before?.sending == null ? observe(held, seen, how) : observeDuring(held, before.sending, seen, how);
  const back = before?.deleted === true;
  const version = record.version ?? before?.version ?? null;
  const resolve = before === undefined || back || observed.changed;
  if (!resolve && version === before.version) return { readAt, issues };
  const write: RecordWrite = {
    externalId: record.id,
    fields: observed.fields,
    version,
    url: record.url ?? null,
    modifiedAt: seen.modifiedAt,
    readAt,
    identifiers: [
      ...identifiersOf(setup.entity, identityFields(observed.fields)),
      ownCrossReference(connection.name, record.id),
      ...referenceIdentifiers(connection.id, observed.fields),
    ],
    identityChanged: resolve,
    resolve,
    goldenId: null,
  };
  return { readAt, issues, write };
}

/** Records digested in one go before others get their turn. */
const AT_ONCE = 50;

/**
 * Digests the records of pages as if they were new, while those before them are being stored: PostgreSQL works then, and
 * this process has time.
 *
 * @param worthIt asked for each page
 */
export async function* digestAhead<Page extends Pick<PullPage<unknown>, 'records' | 'readAt'>>(
  pages: AsyncIterable<Page>,
  options: Omit<DigestOptions, 'readAt' | 'before' | 'clockOffsetMs'> & {
    readonly clockOffsetMs: () => number;
    readonly digests: WeakMap<SourceRecord, Digest>;
    readonly worthIt: () => boolean;
  },
): AsyncGenerator<Page> {
  for await (const page of pages) {
    const known = {
      ...options,
      clockOffsetMs: options.clockOffsetMs(),
      readAt: page.readAt,
      before: undefined,
    };
    for (const [index, record] of (options.worthIt() ? page.records : []).entries()) {
      if (index % AT_ONCE === 0) await nextTurn();
      if (record.partial === true) continue;
      try {
        options.digests.set(record, digestRecord(record, known));
      } catch {
        // It fails again when it is stored, where it can be set aside.
        break;
      }
    }
    yield page;
  }
}
