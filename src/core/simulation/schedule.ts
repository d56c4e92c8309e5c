/** What may happen, as small steps that read well and shrink well, and how they are carried out in a world. */
import fc from 'fast-check';
import type { JsonValue } from '../../sdk/index.js';
import { FIELDS, STAGES, type Field } from './fields.js';
import type { Delivery } from './hub.js';
import { FAULTS, type Fault } from './hub-push.js';
import type { Row } from './model-system.js';
import type { World, WorldConfig } from './world.js';

export type Step =
  | readonly ['makes', number, readonly number[]]
  | readonly ['edits', number, number, Field, number]
  | readonly ['deletes', number, number]
  | readonly ['merges', number, number, number]
  | readonly ['pull', number, Delivery]
  | readonly ['pull dies', number, number]
  | readonly ['read ahead', number]
  | readonly ['store ahead', number]
  | readonly ['webhook', number, number]
  | readonly ['fetch', number]
  | readonly ['resolve']
  | readonly ['push', number, Fault]
  | readonly ['sync', number]
  | readonly ['wait', number];

const small = fc.nat({ max: 3 });
const system = fc.nat({ max: 2 });
const choice = fc.nat({ max: 7 });

interface Weighted {
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<Step>;
}

function often<T extends Step>(weight: number, arbitrary: fc.Arbitrary<T>): Weighted {
  return { weight, arbitrary };
}

const people: readonly Weighted[] = [
  often(4, fc.tuple(fc.constant('makes'), system, fc.tuple(choice, choice, choice, choice, choice))),
  often(8, fc.tuple(fc.constant('edits'), system, small, fc.constantFrom(...FIELDS), choice)),
  often(1, fc.tuple(fc.constant('deletes'), system, small)),
];

const everything: readonly Weighted[] = [
  ...people,
  often(2, fc.tuple(fc.constant('merges'), system, small, small)),
  often(
    4,
    fc.tuple(fc.constant('pull'), system, fc.constantFrom<Delivery[]>('plain', 'reversed', 'doubled')),
  ),
  often(1, fc.tuple(fc.constant('pull dies'), system, fc.nat({ max: 2 }))),
  often(2, fc.tuple(fc.constant('read ahead'), system)),
  often(2, fc.tuple(fc.constant('store ahead'), system)),
  often(2, fc.tuple(fc.constant('webhook'), system, small)),
  often(2, fc.tuple(fc.constant('fetch'), system)),
  often(3, fc.tuple(fc.constant('resolve'))),
  often(14, fc.tuple(fc.constant('push'), system, fc.constantFrom(...FAULTS))),
  // Pull, resolve and push everything: without it few schedules get far enough to go wrong.
  often(6, fc.tuple(fc.constant('sync'), system)),
  often(2, fc.tuple(fc.constant('wait'), fc.constantFrom(1_000, 30_000, 900_000))),
];

/** Schedules of all that may happen, or of nothing but what people do. */
export function schedules(
  maxLength: number,
  of: 'everything' | 'people' = 'everything',
): fc.Arbitrary<readonly Step[]> {
  const step = fc.oneof(...(of === 'people' ? people : everything));
  return fc.array(step, { maxLength, size: 'max' });
}

const systemConfig = fc.record({
  clockOffset: fc.constantFrom(0, 7 * 60_000, -5 * 60_000),
  fieldTimes: fc.boolean(),
  maxLength: fc.constantFrom(40, 10),
  lag: fc.constantFrom(0, 20_000),
  uniqueEmail: fc.boolean(),
  hubKey: fc.constantFrom(true, false),
  mergeMakesNew: fc.boolean(),
  jobTitle: fc.constantFrom('both' as const, 'both' as const, 'pull' as const, 'push' as const),
  onDelete: fc.constantFrom('keep' as const, 'keep' as const, 'withdraw' as const),
});

export const worlds: fc.Arbitrary<WorldConfig> = fc.record({
  systems: fc.array(systemConfig, { minLength: 2, maxLength: 3 }),
  jobTitle: fc.constantFrom(
    'most-recent' as const,
    'source-priority' as const,
    'most-complete' as const,
    'manual' as const,
  ),
  blanks: fc.constantFrom('win' as const, 'ignore' as const),
});

export function perform(world: World, steps: readonly Step[]): void {
  for (const [index, one] of steps.entries()) performStep(world, one, index);
}

function performStep(world: World, one: Step, index: number): void {
  const told = isByPerson(one) ? performEdit(world, one, index) : performJob(world, one);
  if (told !== undefined) world.story.push(told);
}

type PersonStep = Extract<Step, readonly ['makes' | 'edits' | 'deletes' | 'merges', ...unknown[]]>;

function isByPerson(one: Step): one is PersonStep {
  return one[0] === 'makes' || one[0] === 'edits' || one[0] === 'deletes' || one[0] === 'merges';
}

/** What a person does; told in words unless it comes to nothing. */
function performEdit(world: World, one: PersonStep, index: number): string | undefined {
  const number = one[1] % world.systems.length;
  const system = world.hub.systemAt(number);
  if (one[0] === 'makes') {
    const values = FIELDS.map((field, place) => [field, valueOf(field, one[2][place] ?? 0, index)] as const);
    const made = system.personMakes(Object.fromEntries(values));
    return made && `somebody makes ${made.id} ${show(made)}`;
  }
  const row = pick(world, number, one[2]);
  if (row === undefined) return undefined;
  switch (one[0]) {
    case 'edits': {
      const after = system.personWrites(row.id, one[3], valueOf(one[3], one[4], index));
      return after && `somebody edits ${row.id} ${one[3]} = ${JSON.stringify(after.values[one[3]])}`;
    }
    case 'deletes':
      system.personDeletes(row.id);
      return `somebody deletes ${row.id}`;
    case 'merges': {
      const other = pick(world, number, one[3]);
      const stays = other && system.personMerges(row.id, other.id);
      return stays && `somebody merges ${row.id} + ${other.id} = ${stays}`;
    }
  }
}

/** What the hub does, or what befalls it, in words. */
function performJob(world: World, one: Exclude<Step, PersonStep>): string | undefined {
  const { hub } = world;
  if (one[0] === 'resolve') {
    hub.resolve();
    return 'resolve';
  }
  if (one[0] === 'wait') {
    world.clock.pass(one[1]);
    return `${String(one[1] / 1_000)} s pass`;
  }
  const system = one[1] % world.systems.length;
  const name = 'abc'.charAt(system);
  switch (one[0]) {
    case 'webhook': {
      const row = pick(world, system, one[2]);
      if (row !== undefined) hub.webhook(system, row.id);
      return row && `webhook names ${row.id}`;
    }
    case 'sync':
      sync(world, system);
      return `sync of ${name}`;
    case 'pull':
      hub.pull(system, { delivery: one[2] });
      return `pull ${name} ${one[2]}`;
    case 'pull dies':
      hub.pull(system, { delivery: 'plain', pages: one[2] });
      hub.die();
      return `pull ${name} dies after page ${String(one[2])}`;
    case 'read ahead':
      hub.readAhead(system);
      return `read a page of ${name} ahead`;
    case 'store ahead':
      hub.storeAhead(system);
      return `store the page of ${name}`;
    case 'fetch':
      hub.fetch(system);
      return `fetch ${name}`;
    case 'push':
      // What waits to be resolved is not sent: most schedules would push nothing.
      hub.resolve();
      hub.push(system, one[2]);
      return `push ${name} ${one[2]}`;
  }
}

/** One system's whole round, without faults. */
function sync({ hub }: World, system: number): void {
  hub.pull(system, { delivery: 'plain' });
  hub.fetch(system);
  hub.resolve();
  for (let batch = 0; batch < 5 && hub.push(system, 'none'); batch += 1) hub.resolve();
}

/** Rounds without edits and faults until nothing is left to do; how many it took, or undefined if it never ends. */
export function comeToRest(world: World, full: boolean): number | undefined {
  const { hub, clock, systems } = world;
  for (let round = 1; round <= 12; round += 1) {
    const before = hub.writes;
    for (const system of systems.keys()) {
      clock.pass(11 * 60_000);
      hub.pull(system, { delivery: 'plain', full: full && round === 1 });
      hub.fetch(system);
    }
    hub.resolve();
    for (const system of systems.keys()) {
      for (let batch = 0; batch < 20 && hub.push(system, 'none'); batch += 1) hub.resolve();
    }
    const { tasks, inbox, intents } = hub.store.tables;
    if (hub.writes === before && tasks.size === 0 && inbox.size === 0 && intents.size === 0) return round;
  }
  return undefined;
}

function pick(world: World, system: number, n: number): Row | undefined {
  const live = world.systems[system]?.live() ?? [];
  return live[n % Math.max(live.length, 1)];
}

/** Texts are written only once, so that one can be told from another; the rest comes from a few values. */
function valueOf(field: Field, n: number, index: number): JsonValue {
  switch (field) {
    case 'email':
      return (
        [
          null,
          'ann@x.org',
          'Bob@x.org',
          'ann@x.org ',
          'cy@x.org',
          'ann@x.org',
          'BOB@x.org',
          'not an address',
        ][n] ?? null
      );
    case 'lifecycleStage':
      return STAGES[n % 4] ?? null;
    case 'tags':
      return [null, ['t'], ['u'], ['t', 'u'], ['v']][n % 5] ?? null;
    case 'familyName':
    case 'jobTitle':
      return (
        [
          null,
          `v${String(index)}`,
          ` v${String(index)} `,
          `v${String(index)} that is long`,
          `v${String(index)}!`,
        ][n % 5] ?? null
      );
  }
}

function show(row: Row): string {
  return JSON.stringify(Object.fromEntries(Object.entries(row.values).filter(([, value]) => value !== null)));
}
