/** What the CRMs' users did, kept by the run itself: the truth that the hub is measured by. Pure but for its own state. */
import type { Plan } from './plan/plan.js';
import type { Played } from './plan/steps.js';

/** One value that a user wrote, in canonical fields. `account`: the id of a company in the same system. */
export interface Written {
  readonly system: string;
  readonly entity: Played;
  readonly id: string;
  readonly field: string;
  readonly value: string | null;
}

interface Made {
  readonly system: string;
  readonly id: string;
  readonly person: number;
  /** Stood there before the hub came. */
  readonly early: boolean;
}

export class World {
  private readonly ledger: Written[] = [];
  private readonly made: Made[] = [];
  private readonly gone = new Set<string>();
  private readonly removedFrom = new Set<string>();
  /** People whom users declared to be one, by merging their records: each leads to another, or is the first. */
  private readonly sameAs = new Map<number, number>();
  /** What happened, for the report. */
  readonly story: string[] = [];

  constructor(private readonly plan: Plan) {}

  tell(line: string): void {
    this.story.push(`${new Date().toISOString().slice(11, 23)} ${line}`);
  }

  make(made: Made): void {
    this.made.push(made);
  }

  write(written: Written): void {
    this.ledger.push(written);
  }

  remove(at: { readonly system: string; readonly id: string; readonly person: number }): void {
    this.gone.add(keyOf(at));
    this.removedFrom.add(`${at.system} ${String(at.person)}`);
  }

  /** Both records became `survivor`, which may be one of them. */
  merge(at: {
    readonly system: string;
    readonly ids: readonly [string, string];
    readonly survivor: string;
    readonly people: readonly [number, number];
  }): void {
    const [person, other] = at.people;
    const [first, second] = [this.groupOf(person), this.groupOf(other)];
    if (first !== second) this.sameAs.set(second, first);
    const byUser = this.made.find((one) => one.system === at.system && at.ids.includes(one.id));
    for (const id of at.ids) if (id !== at.survivor) this.gone.add(keyOf({ system: at.system, id }));
    if (byUser !== undefined) this.made.push({ ...byUser, id: at.survivor });
    // The master's values are the survivor's, whatever its id is now.
    for (const one of this.ledger.filter((line) => line.system === at.system && line.id === at.ids[0]))
      // A blank of the master's may be filled by what the other held.
      if (at.survivor !== one.id && one.value !== null) this.ledger.push({ ...one, id: at.survivor });
  }

  /** What stands on records that are still there, the last word on each field. */
  standing(): readonly Written[] {
    const last = new Map(this.ledger.map((one) => [`${keyOf(one)} ${one.field}`, one]));
    return [...last.values()].filter((one) => !this.gone.has(keyOf(one)));
  }

  isGone(system: string, id: string): boolean {
    return this.gone.has(keyOf({ system, id }));
  }

  removedRecords(): readonly { readonly system: string; readonly id: string }[] {
    return [...this.gone].map((key) => {
      const [system = '', id = ''] = key.split(' ');
      return { system, id };
    });
  }

  /** A name for all the people who are one by now: the first of them. */
  groupOf(person: number): number {
    let current = person;
    for (let next = this.sameAs.get(current); next !== undefined; next = this.sameAs.get(current))
      current = next;
    return current;
  }

  membersOf(group: number): readonly number[] {
    return [...this.plan.people.keys()].filter((person) => this.groupOf(person) === group);
  }

  /** By the family name, which nobody edits. */
  personOf(familyName: unknown): number | undefined {
    const index = this.plan.people.findIndex(({ family }) => family === familyName);
    return index < 0 ? undefined : index;
  }

  isMadeByUser(system: string, id: string): boolean {
    return this.made.some((one) => one.system === system && one.id === id);
  }

  /** Whether a user's record of the person stood there before the hub came. */
  wasThere(system: string, person: number): boolean {
    return this.made.some((one) => one.system === system && one.person === person && one.early);
  }

  wasRemovedFrom(system: string, person: number): boolean {
    return this.removedFrom.has(`${system} ${String(person)}`);
  }
}

function keyOf({ system, id }: { readonly system: string; readonly id: string }): string {
  return `${system} ${id}`;
}
