/**
 * What the model hub remembers durably: the tables of the real one in miniature. A transaction is one function that
 * runs to its end; a crash comes between two of them, and takes with it what the hub only had in memory.
 */
import type { FieldStates } from '../claims/index.js';
import type { RecordPlan } from '../planning/index.js';
import type { FieldChange, StoredGolden } from '../survivorship/index.js';

export interface HubRecord {
  readonly id: string;
  /** Index of its system. */
  readonly system: number;
  readonly externalId: string;
  readonly goldenId: string | null;
  readonly fields: FieldStates;
  readonly readAt: number;
  readonly writtenAt: number;
  readonly deleted: boolean;
  readonly mergedInto: string | null;
}

export interface Golden {
  readonly id: string;
  readonly stored: StoredGolden | null;
  readonly mergedInto: string | null;
  readonly history: readonly FieldChange[];
}

export interface Intent {
  /** `record:ID` or `create:SYSTEM:GOLDEN`; one intent a target. */
  readonly target: string;
  readonly system: number;
  readonly goldenId: string;
  readonly recordId: string | null;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly attempts: number;
  /** A create that was sent and whose answer is not known: when, and with what. */
  readonly sentAt: number | null;
  readonly sent: RecordPlan | null;
}

export interface Issue {
  readonly system: number;
  readonly recordId: string | null;
  readonly goldenId: string;
  readonly field: string | null;
  readonly code: 'REJECTED' | 'CONFLICT' | 'MISSING_REQUIRED' | 'WAITING_FOR_MATCH';
  /** Digest of the refused value. */
  readonly refused: string | null;
  /** External id of the record that stands in the way. */
  readonly blockedBy: string | null;
}

export interface Cursor {
  readonly at: number;
  readonly completeAt: number;
}

export interface Tables {
  readonly records: Map<string, HubRecord>;
  readonly golden: Map<string, Golden>;
  readonly intents: Map<string, Intent>;
  readonly issues: Map<string, Issue>;
  readonly cursors: Map<number, Cursor>;
  /** `record:ID` and `golden:ID`. */
  readonly tasks: Set<string>;
  /** `SYSTEM|EXTERNAL ID` to look at. */
  readonly inbox: Set<string>;
  /** Pairs of records that a person called the same, `A|B`. */
  readonly same: Set<string>;
  /** Pairs of records that a person should judge, `A|B`. */
  readonly candidates: Set<string>;
}

export class HubStore {
  readonly tables: Tables = {
    records: new Map(),
    golden: new Map(),
    intents: new Map(),
    issues: new Map(),
    cursors: new Map(),
    tasks: new Set(),
    inbox: new Set(),
    same: new Set(),
    candidates: new Set(),
  };
  private lastId = 0;

  /** Ids count up, filled so that they sort as text. */
  nextId(prefix: string): string {
    this.lastId += 1;
    return `${prefix}${String(this.lastId).padStart(4, '0')}`;
  }
}

export function recordIn(tables: Tables, system: number, externalId: string): HubRecord | undefined {
  for (const record of tables.records.values()) {
    if (record.system === system && record.externalId === externalId) return record;
  }
  return undefined;
}

/** Oldest first. */
export function recordsOfGolden(tables: Tables, goldenId: string): HubRecord[] {
  return [...tables.records.values()]
    .filter((record) => record.goldenId === goldenId)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function issueKey(issue: Pick<Issue, 'system' | 'recordId' | 'goldenId' | 'field'>): string {
  return [String(issue.system), issue.recordId ?? issue.goldenId, issue.field ?? ''].join('|');
}

/** A record says something else, or is gone: what it stood in the way of is tried again. */
export function unblock(tables: Tables, system: number, externalId: string): void {
  for (const [key, issue] of tables.issues) {
    if (issue.system !== system || issue.blockedBy !== externalId) continue;
    tables.issues.delete(key);
    tables.tasks.add(issue.recordId === null ? `golden:${issue.goldenId}` : `record:${issue.recordId}`);
  }
}
