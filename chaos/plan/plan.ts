/** Everything a run does, out of one number. Pure: the same seed is the same plan, on every machine. */
import { createRandom, type Random } from '../../src/demo/data/random.js';
import { companies, people, type Company, type Person } from './cast.js';
import { planSteps } from './schedule.js';
import { type EDITED, type Step, type Values } from './steps.js';

export type CrmKind = 'salesforce' | 'hubspot';

export interface PlannedSystem {
  readonly name: string;
  readonly kind: CrmKind;
  /** Its clock against the hub's. */
  readonly clockOffsetMs: number;
  /** Whether records carry the hub's id in a field of their own. */
  readonly hubId: boolean;
  /** HubSpot: how late search sees a change. */
  readonly searchDelayMs: number;
  /** HubSpot: an OAuth app whose tokens expire, instead of a private app. */
  readonly oauth: boolean;
  /** HubSpot: probabilities. */
  readonly webhooks: { readonly lost: number; readonly doubled: number; readonly reordered: boolean };
}

/** A record that stood in a system before the hub came. */
export interface Held {
  readonly system: number;
  readonly person: number;
  readonly values: Values;
  readonly company: number | null;
  readonly daysAgo: number;
}

export interface HeldCompany {
  readonly system: number;
  readonly company: number;
  readonly phone: string;
  readonly daysAgo: number;
}

export interface JobTitleRule {
  readonly rule: 'most-recent' | 'source-priority' | 'most-complete';
  readonly order: readonly string[];
  readonly blanks: 'win' | 'ignore';
}

export interface Plan {
  readonly seed: number;
  readonly systems: readonly PlannedSystem[];
  readonly people: readonly Person[];
  readonly companies: readonly Company[];
  readonly held: readonly Held[];
  readonly heldCompanies: readonly HeldCompany[];
  readonly jobTitle: JobTitleRule;
  readonly steps: readonly Step[];
}

const MINUTE = 60_000;
/** People whom some system knows from the start, and those who come while the hub runs. */
const KNOWN = 12;
const NEW = 6;
const COMPANIES = 4;

export function makePlan(seed: number): Plan {
  const random = createRandom(seed);
  const systems = planSystems(random);
  const cast = people(KNOWN + NEW, random);
  return {
    seed,
    systems,
    people: cast,
    companies: companies(COMPANIES),
    heldCompanies: planCompanies(systems.length, random),
    held: planHeld(systems.length, cast, random),
    jobTitle: planJobTitle(systems, random),
    steps: planSteps({ systems: systems.length, known: KNOWN, cast, companies: COMPANIES }, random),
  };
}

function planSystems(random: Random): readonly PlannedSystem[] {
  const third = random.pick(['hubspot', 'hubspot', 'salesforce'] as const);
  const names: readonly (readonly [string, CrmKind])[] = [
    ['salesforce', 'salesforce'],
    ['hubspot', 'hubspot'],
    ['third', third],
  ];
  return names.map(([name, kind]): PlannedSystem => ({
    name,
    kind,
    clockOffsetMs: random.pick([0, 3 * MINUTE, -4 * MINUTE, 70_000, -45_000]),
    hubId: random.chance(0.5),
    searchDelayMs: random.pick([0, 300, 1_000]),
    oauth: name === 'third',
    webhooks: {
      lost: random.pick([0, 0.3]),
      doubled: random.pick([0, 0.3]),
      reordered: random.chance(0.5),
    },
  }));
}

function planCompanies(systems: number, random: Random): readonly HeldCompany[] {
  return Array.from({ length: COMPANIES }, (_, company) =>
    someOf(systems, random).map((system) => ({
      system,
      company,
      phone: `+1 415 556 ${String(1000 + company * 10 + system)}`,
      daysAgo: random.whole(3, 300),
    })),
  ).flat();
}

/** Who is where at the start. A user of Salesforce may have entered somebody twice. */
function planHeld(systems: number, cast: readonly Person[], random: Random): readonly Held[] {
  return Array.from({ length: KNOWN }, (_, person) => {
    const twice = random.chance(0.1);
    return someOf(systems, random).flatMap((system) => {
      const held = (): Held => ({
        system,
        person,
        values: { email: cast[person]?.email ?? null, ...firstValues({ system, person }, random) },
        company: random.chance(0.3) ? random.whole(0, COMPANIES - 1) : null,
        daysAgo: random.whole(3, 300),
      });
      return twice && system === 0 ? [held(), held()] : [held()];
    });
  }).flat();
}

function someOf(systems: number, random: Random): readonly number[] {
  const all = Array.from({ length: systems }, (_, index) => index);
  const chosen = all.filter(() => random.chance(0.6));
  return chosen.length > 0 ? chosen : [random.pick(all)];
}

function firstValues(at: { readonly system: number; readonly person: number }, random: Random): Values {
  const mark = `${String(at.person)}-${String(at.system)}`;
  const number = String(1000 + at.person * 10 + at.system);
  const values: Record<(typeof EDITED)[number], string> = {
    jobTitle: `Title ${mark}`,
    phone: `+1 415 557 ${number}`,
    mobilePhone: `+1 415 558 ${number}`,
    'address.city': `City ${mark}`,
    'address.street': `${mark} High Street`,
  };
  return Object.fromEntries(Object.entries(values).filter(() => random.chance(0.7)));
}

function planJobTitle(systems: readonly PlannedSystem[], random: Random): JobTitleRule {
  return {
    rule: random.pick(['most-recent', 'most-recent', 'source-priority', 'most-complete'] as const),
    order: random.chance(0.5) ? systems.map(({ name }) => name) : systems.map(({ name }) => name).reverse(),
    blanks: random.pick(['win', 'ignore'] as const),
  };
}
