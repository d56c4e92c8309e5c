/** What may happen in a run, each as a small value that reads well in a report. */

import type { Entity } from '../../src/sdk/index.js';

/** The kinds of record that are in the play. */
export type Played = Extract<Entity, 'customer' | 'account'>;

/** Canonical fields that users edit in every system. `email` only once all systems know each other. */
export const EDITED = ['jobTitle', 'phone', 'mobilePhone', 'address.city', 'address.street'] as const;
export type EditedField = (typeof EDITED)[number] | 'email';

/** Canonical values; `null` is blank. */
export type Values = Readonly<Record<string, string | null>>;

/**
 * throttled   429 with a Retry-After of a second
 * refused     403: the grant is short of something
 * failing     500 from behind a gateway, or an exception of the vendor's own
 * down        503, a page for humans
 * locked      single records of a write fail and may be tried again
 * reset       the connection breaks before anything is done
 * cut-off     the answer breaks off in the middle
 * malformed   an answer that is no JSON
 * slow        the answer takes its time
 * lost        the call is done, and its answer never comes
 */
export const FAULTS = [
  'throttled',
  'refused',
  'failing',
  'down',
  'locked',
  'reset',
  'cut-off',
  'malformed',
  'slow',
  'lost',
] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface PlannedFault {
  readonly kind: FaultKind;
  readonly on: 'any' | 'writes' | 'reads';
  readonly times: number;
  /** So many calls that match go well first. */
  readonly after: number;
}

export type ProcessName = 'serve' | 'worker-1' | 'worker-2';

/** People and companies by their place in the cast, systems by their place in the plan. */
export type Action =
  | {
      readonly do: 'edit';
      readonly system: number;
      readonly person: number;
      readonly field: EditedField;
      readonly value: string | null;
    }
  | { readonly do: 'create'; readonly system: number; readonly person: number; readonly values: Values }
  | { readonly do: 'delete'; readonly system: number; readonly person: number }
  | { readonly do: 'merge'; readonly system: number; readonly person: number; readonly other: number }
  | {
      readonly do: 'link';
      readonly system: number;
      readonly person: number;
      readonly company: number | null;
    }
  | { readonly do: 'rename'; readonly system: number; readonly company: number; readonly phone: string }
  | { readonly do: 'fault'; readonly system: number; readonly fault: PlannedFault }
  | { readonly do: 'expire'; readonly system: number }
  | { readonly do: 'kill'; readonly process: ProcessName; readonly downMs: number }
  | { readonly do: 'database'; readonly how: 'kill' | 'restart'; readonly downMs: number }
  | { readonly do: 'sync'; readonly systems: readonly number[] };

/** `at`: ms after the hub has come up. */
export type Step = Action & { readonly at: number };
