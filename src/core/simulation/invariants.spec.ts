import fc from 'fast-check';
import {
  converged,
  noDuplicates,
  nothingDropped,
  nothingLost,
  provenance,
  type Violation,
} from './checks.js';
import { recordsOfGolden } from './hub-store.js';
import { GOOD_HABITS } from './hub-setup.js';
import { comeToRest, perform, schedules, worlds, type Step } from './schedule.js';
import { makeWorld, type World, type WorldConfig } from './world.js';

/** Schedules per property; more of them by hand: `SIMULATION_RUNS=20000`. */
const RUNS = Number(process.env['SIMULATION_RUNS'] ?? '500');
const LENGTH = 60;
/** So many records may share an e-mail; more make it nobody's, and when that shows depends on the order. */
const EDITS = 9;

function played(config: WorldConfig, steps: readonly Step[]): World {
  const world = makeWorld(config, GOOD_HABITS);
  perform(world, steps);
  world.story.push('--- quiet from here on');
  return world;
}

function expectNone(world: World, violations: readonly Violation[]): void {
  if (violations.length > 0) throw new Error([...violations, 'after:', ...world.story].join('\n  '));
}

function holds(check: (world: World) => readonly Violation[]): void {
  fc.assert(
    fc.property(worlds, schedules(LENGTH), (config, steps) => {
      const world = played(config, steps);
      const rounds = comeToRest(world, false);
      expectNone(world, rounds === undefined ? ['does not come to rest'] : check(world));
    }),
    { numRuns: RUNS },
  );
}

/** Customers by the records they have, with what they say: ids of the hub come and go with the order of arrival. */
function customers({ hub, systems }: World): unknown {
  const { tables } = hub.store;
  return [...tables.golden.values()]
    .filter((golden) => golden.mergedInto === null)
    .map((golden) => {
      const records = recordsOfGolden(tables, golden.id).map((record) => record.externalId);
      return { records: records.sort(), fields: golden.stored?.fields, systems: systems.length };
    })
    .sort((a, b) => (a.records.join() < b.records.join() ? -1 : 1));
}

function readIn(config: WorldConfig, edits: readonly Step[], order: 'plain' | 'reversed' | 'doubled'): World {
  const world = played(config, edits);
  const systems = [...world.systems.keys()];
  if (order === 'reversed') systems.reverse();
  for (const system of order === 'doubled' ? [...systems, ...systems] : systems) {
    world.clock.pass(60_000);
    world.hub.pull(system, { delivery: order });
    if (order !== 'plain') world.hub.resolve();
  }
  world.hub.resolve();
  return world;
}

describe('after any schedule of edits, pulls, webhooks, faults and crashes', () => {
  it('every linked record comes to equal its golden record, as far as its system can store it', () => {
    holds(converged);
  });

  it('what somebody wrote is golden, or stands in history with the rule and the winner', () => {
    holds(nothingLost);
  });

  it('a further sync writes nothing, even one that reads everything again', () => {
    holds((world) => {
      const before = world.hub.writes;
      const rounds = comeToRest(world, true);
      return rounds === 1 && world.hub.writes === before ? [] : ['writes again'];
    });
  });

  it('no customer is made twice in one system', () => {
    holds(noDuplicates);
  });

  it('every record has its customer, every refused write its issue', () => {
    holds(nothingDropped);
  });

  it('each golden field names a claim that somebody made', () => {
    holds(provenance);
  });

  it('the order and the doubling of what is read make no other customers', () => {
    fc.assert(
      fc.property(worlds, schedules(EDITS, 'people'), (config, edits) => {
        const plain = customers(readIn(config, edits, 'plain'));
        expect(customers(readIn(config, edits, 'reversed'))).toEqual(plain);
        expect(customers(readIn(config, edits, 'doubled'))).toEqual(plain);
      }),
      { numRuns: RUNS },
    );
  });
});
