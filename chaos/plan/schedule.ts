/** When what happens. Pure. */
import type { Random } from '../../src/demo/data/random.js';
import type { Person } from './cast.js';
import { EDITED, FAULTS, type Action, type EditedField, type FaultKind, type Step } from './steps.js';

/** Length of the time in which people work and things break, ms. */
export const TURMOIL_MS = 8_000;

interface Numbers {
  readonly systems: number;
  /** People who are there from the start; the others come one by one. */
  readonly known: number;
  readonly cast: readonly Person[];
  readonly companies: number;
}

/**
 * Nobody merges, and nothing goes down, before there is something to lose: the hub needs a moment to read and make
 * records in all systems. Faults strike from the start.
 */
const EARLIEST_MS: Partial<Record<Action['do'], number>> = {
  merge: 4_000,
  kill: 800,
  database: 1_500,
};

/** How often each happens. */
const TIMES = {
  edit: 36,
  link: 5,
  rename: 2,
  delete: 3,
  merge: 2,
  fault: 14,
  expire: 2,
  kill: 3,
  sync: 6,
} as const;

export function planSteps(numbers: Numbers, random: Random): readonly Step[] {
  const actions: Action[] = [
    ...Array.from({ length: TIMES.edit }, (_, index) => edit(numbers, index, random)),
    ...newcomers(numbers, random),
    ...Array.from({ length: TIMES.link }, () => link(numbers, random)),
    ...Array.from({ length: TIMES.rename }, (_, index) => rename(numbers, index, random)),
    ...Array.from({ length: TIMES.delete }, (): Action => ({ do: 'delete', ...somebody(numbers, random) })),
    ...Array.from({ length: TIMES.merge }, () => merge(numbers, random)),
    ...Array.from({ length: TIMES.fault }, () => fault(numbers, random)),
    ...Array.from({ length: TIMES.expire }, (): Action => ({
      do: 'expire',
      system: random.whole(0, numbers.systems - 1),
    })),
    ...Array.from({ length: TIMES.kill }, () => kill(random)),
    ...(random.chance(0.6) ? [database(random)] : []),
    ...Array.from({ length: TIMES.sync }, () => sync(numbers, random)),
  ];
  const timed = actions.map((action): Step => ({ ...action, at: momentOf(action, random) }));
  return timed.sort((a, b) => a.at - b.at);
}

/** Bursts rather than an even rain: what happens within the same milliseconds is what breaks. */
function momentOf(action: Action, random: Random): number {
  const early = EARLIEST_MS[action.do] ?? 0;
  const burst = Math.floor(random.next() * 8) * (TURMOIL_MS / 8);
  const at = random.chance(0.6) ? burst + random.whole(0, 120) : random.whole(0, TURMOIL_MS);
  return early + Math.round((at / TURMOIL_MS) * (TURMOIL_MS - early));
}

function somebody(numbers: Numbers, random: Random): { readonly system: number; readonly person: number } {
  return {
    system: random.whole(0, numbers.systems - 1),
    person: random.whole(0, numbers.cast.length - 1),
  };
}

function edit(numbers: Numbers, index: number, random: Random): Action {
  // Some people are edited by everybody at once.
  const person = random.chance(0.5) ? random.whole(0, 3) : random.whole(0, numbers.cast.length - 1);
  const system = random.whole(0, numbers.systems - 1);
  const field: EditedField =
    person < numbers.known && random.chance(0.08) ? 'email' : random.pick([...EDITED]);
  const value = field !== 'email' && random.chance(0.1) ? null : valueOf(field, index, random);
  return { do: 'edit', system, person, field, value };
}

/** A text is written once only, so that one can be told from another. */
function valueOf(field: EditedField, index: number, random: Random): string {
  const number = String(2000 + index);
  switch (field) {
    case 'email':
      return `edited${String(index)}@chaos.example`;
    case 'phone':
      return random.pick([`+1 415 559 ${number}`, `+1 (415) 559-${number}`, `+1.415.559.${number}`]);
    case 'mobilePhone':
      return `+1 415 554 ${number}`;
    case 'jobTitle':
      return random.pick([`Job ${number}`, `Senior job ${number}, Łódź`]);
    case 'address.city':
      return `Town ${number}`;
    case 'address.street':
      return `${number} Mill Lane`;
  }
}

/** Each comes once or, entered by two users who don't know of each other, in two systems. */
function newcomers(numbers: Numbers, random: Random): readonly Action[] {
  return numbers.cast.flatMap((who, person): readonly Action[] => {
    if (person < numbers.known) return [];
    const first = random.whole(0, numbers.systems - 1);
    const second = random.chance(0.3) ? [(first + 1) % numbers.systems] : [];
    return [first, ...second].map((system): Action => {
      const values = { email: who.email, jobTitle: `Newcomer ${String(person)}-${String(system)}` };
      return { do: 'create', system, person, values };
    });
  });
}

function link(numbers: Numbers, random: Random): Action {
  const company = random.chance(0.15) ? null : random.whole(0, numbers.companies - 1);
  return { do: 'link', ...somebody(numbers, random), company };
}

function rename(numbers: Numbers, index: number, random: Random): Action {
  return {
    do: 'rename',
    system: random.whole(0, numbers.systems - 1),
    company: random.whole(0, numbers.companies - 1),
    phone: `+1 415 553 ${String(3000 + index)}`,
  };
}

function merge(numbers: Numbers, random: Random): Action {
  const { system, person } = somebody(numbers, random);
  const other = (person + random.whole(1, numbers.cast.length - 1)) % numbers.cast.length;
  return { do: 'merge', system, person, other };
}

const ON_WRITES: readonly FaultKind[] = ['locked', 'lost'];

function fault(numbers: Numbers, random: Random): Action {
  const kind = random.pick([...FAULTS, 'lost'] as const);
  const on = ON_WRITES.includes(kind) ? 'writes' : random.pick(['any', 'writes', 'reads'] as const);
  return {
    do: 'fault',
    system: random.whole(0, numbers.systems - 1),
    fault: { kind, on, times: random.whole(1, 3), after: random.whole(0, 3) },
  };
}

function kill(random: Random): Action {
  const process = random.pick(['serve', 'worker-1', 'worker-2'] as const);
  return { do: 'kill', process, downMs: random.pick([50, 400, 1_500]) };
}

function database(random: Random): Action {
  return { do: 'database', how: random.pick(['kill', 'restart'] as const), downMs: random.pick([50, 700]) };
}

function sync(numbers: Numbers, random: Random): Action {
  const all = Array.from({ length: numbers.systems }, (_, index) => index);
  return { do: 'sync', systems: random.chance(0.6) ? all : [random.pick(all)] };
}
