import type { FieldMapping } from '../../sdk/index.js';
import type { SurvivorshipRules } from '../survivorship/index.js';
import type { HubRecord } from './hub-store.js';

/** How the hub is connected to one system. */
export interface ModelConnection {
  readonly name: string;
  readonly mapping: readonly FieldMapping[];
  readonly pushOnly: ReadonlySet<string>;
  readonly fieldTimes: boolean;
  /** The clock offset as the hub measured it, ms. */
  readonly measuredOffset: number;
  readonly onDelete: 'keep' | 'withdraw';
}

/** What a hub does about lost answers and conflicts; all true in a hub that keeps the invariants. */
export interface Habits {
  /** Keeps what an update says before it is sent, so that it is known again when its answer got lost. */
  readonly remembersUpdates: boolean;
  /** Looks a lost create up by what was sent then, and plans no other until that is answered. */
  readonly looksUpWhatWasSent: boolean;
  /** Looks lost creates up before it reads a system for whatever reason. */
  readonly looksUpFirst: boolean;
  /** Tries a write that another record stood in the way of again once that record says something else. */
  readonly triesConflictsAgain: boolean;
}

export const GOOD_HABITS: Habits = {
  remembersUpdates: true,
  looksUpWhatWasSent: true,
  looksUpFirst: true,
  triesConflictsAgain: true,
};

export interface HubSetup {
  readonly connections: readonly ModelConnection[];
  readonly rules: SurvivorshipRules;
  readonly habits: Habits;
  /** Hears of each record as it was taken in, and of each that was resolved: for the checks. */
  readonly onSeen?: (record: HubRecord) => void;
  readonly onResolved?: (record: HubRecord) => void;
}
