import {
  DEFAULT_RULES,
  type FieldRule,
  type RuleName,
  type SurvivorshipRules,
} from '../survivorship/index.js';
import type { Direction } from '../../sdk/index.js';
import { ModelClock } from './clock.js';
import { FIELDS, keyOf } from './fields.js';
import { ModelHub } from './hub.js';
import type { Habits } from './hub-setup.js';
import type { HubRecord } from './hub-store.js';
import { ModelSystem, type SystemTraits } from './model-system.js';

export interface SystemConfig extends Omit<SystemTraits, 'name'> {
  /** Direction of the job title. */
  readonly jobTitle: Direction;
  readonly onDelete: 'keep' | 'withdraw';
}

export interface WorldConfig {
  readonly systems: readonly SystemConfig[];
  /** Rule of the job title. */
  readonly jobTitle: RuleName;
  readonly blanks: FieldRule['blanks'];
}

/** A value that the hub was told of, and whether it took part in a golden record. */
export interface Sighting {
  readonly record: string;
  readonly field: string;
  readonly key: string | null;
  readonly at: number;
}

export interface World {
  readonly config: WorldConfig;
  readonly clock: ModelClock;
  readonly systems: readonly ModelSystem[];
  readonly hub: ModelHub;
  /** Values the hub has seen in systems, or put there. */
  readonly seen: readonly Sighting[];
  /** Claims that took part in a golden record. */
  readonly resolved: ReadonlySet<string>;
  /** What happened, in words, for the report of a failure. */
  readonly story: string[];
}

export const resolvedKey = (record: string, field: string, key: string | null): string =>
  `${record}|${field}|${key ?? ''}`;

export function makeWorld(config: WorldConfig, habits: Habits): World {
  const clock = new ModelClock();
  const systems = config.systems.map(
    (traits, index) => new ModelSystem({ ...traits, name: 'abc'.charAt(index) }, clock),
  );
  const seen: Sighting[] = [];
  const resolved = new Set<string>();
  const setup = {
    connections: config.systems.map((traits, index) => ({
      name: 'abc'.charAt(index),
      mapping: FIELDS.map((field) => ({
        field,
        property: field,
        direction: field === 'jobTitle' ? traits.jobTitle : ('both' as const),
      })),
      pushOnly: new Set(traits.jobTitle === 'push' ? ['jobTitle'] : []),
      fieldTimes: traits.fieldTimes,
      // The `Date` header that it is measured by leaves out the fraction of a second.
      measuredOffset: traits.clockOffset + 400,
      onDelete: traits.onDelete,
    })),
    rules: rulesOf(config),
    habits,
    onSeen: (record: HubRecord): void => {
      const at = clock.now();
      for (const [field, state] of Object.entries(record.fields)) {
        seen.push({ record: record.id, field, key: keyOf(field, state.held), at });
      }
    },
    onResolved: (record: HubRecord): void => {
      for (const [field, { claim }] of Object.entries(record.fields)) {
        if (claim !== undefined) resolved.add(resolvedKey(record.id, field, keyOf(field, claim.value)));
      }
    },
  };
  return { config, clock, systems, hub: new ModelHub(setup, systems, clock), seen, resolved, story: [] };
}

function rulesOf(config: WorldConfig): SurvivorshipRules {
  return {
    ...DEFAULT_RULES,
    fields: {
      account: {},
      customer: {
        jobTitle: { rule: config.jobTitle, order: ['b', 'a'], blanks: config.blanks },
        tags: { rule: 'union', order: [], blanks: 'win' },
      },
    },
  };
}
