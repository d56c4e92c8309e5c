import fc from 'fast-check';
import type { FieldMapping, JsonValue, RecordRef } from '../../sdk/index.js';
import { linksIn, membersOf, observe, settle, type Claim, type FieldStates } from '../claims/index.js';
import { DEFAULT_RULES, survive } from '../survivorship/index.js';
import { planUpdate } from './index.js';

const MAPPING: readonly FieldMapping[] = [{ field: 'customers', property: 'customers', direction: 'both' }];
const PEOPLE = ['a', 'b', 'c'];

/** Golden ids are in capitals; each system has its own id of everybody. */
const refOf = (system: number, person: string): RecordRef => ({
  ref: { object: 'contact', id: `${String(system)}${person}` },
});
const goldenOf = (ref: JsonValue): string => (ref as { ref: { id: string } }).ref.id.slice(1).toUpperCase();
const link = (system: number, person: string): JsonValue => ({ ref: { ...refOf(system, person).ref } });

interface System {
  /** Whom the record there is linked to. */
  linked: Set<string>;
  states: FieldStates;
}

type Step =
  | { readonly kind: 'edit'; readonly system: number; readonly person: string }
  | { readonly kind: 'sync'; readonly system: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('edit' as const),
    system: fc.nat(1),
    person: fc.constantFrom(...PEOPLE),
  }),
  fc.record({ kind: fc.constant('sync' as const), system: fc.nat(1) }),
);

/** A deal in two systems, and a hub that reads and writes one of them at a time. */
class Deal {
  private now = 1_000;
  readonly systems: System[] = [0, 1].map(() => ({ linked: new Set<string>(), states: {} }));

  /** Somebody links a person who is not linked, or takes out one who is. */
  toggle(system: number, person: string): void {
    const { linked } = this.systemAt(system);
    if (!linked.delete(person)) linked.add(person);
  }

  /** Reads a system, decides, writes what differs; says whether it wrote. */
  sync(index: number): boolean {
    const system = this.systemAt(index);
    this.now += 10;
    const held = [...system.linked].map((person) => link(index, person));
    const seen = { fields: { customers: held }, times: {}, modifiedAt: this.now, readAt: this.now };
    const how = { entity: 'deal' as const, pushOnly: new Set<string>(), madeByHub: false };
    system.states = observe(system.states, seen, how).fields;
    const golden = this.golden();
    const plan = planUpdate({
      entity: 'deal',
      mapping: MAPPING,
      golden: golden === undefined ? {} : { customers: golden.value },
      removed: { customers: golden?.removed ?? [] },
      recordsOf: (id) => [refOf(index, id.toLowerCase())],
      refused: new Map(),
      fields: system.states,
    });
    const wanted = plan.values['customers'];
    if (wanted === undefined) return false;
    system.linked = new Set([...linksIn(wanted).values()].map((ref) => goldenOf(ref).toLowerCase()));
    system.states = settle(system.states, { sent: plan.sent, stored: { customers: wanted } });
    return true;
  }

  golden(): ReturnType<typeof survive>[string] | undefined {
    const sources = this.systems.map(({ states }, index) => {
      const claim = states['customers']?.claim;
      return {
        record: String(index),
        connection: `system${String(index)}`,
        position: index,
        hub: false,
        claims: claim === undefined ? {} : { customers: inGolden(claim) },
      };
    });
    return survive('deal', DEFAULT_RULES, sources)['customers'];
  }

  private systemAt(index: number): System {
    const system = this.systems[index];
    if (system === undefined) throw new RangeError('There are two systems.');
    return system;
  }
}

function inGolden(claim: Claim): Claim {
  const members = membersOf(claim).map((member) => ({ ...member, ref: goldenOf(member.ref) }));
  return { ...claim, value: members.filter(({ there }) => there).map(({ ref }) => ref), members };
}

describe('links of a deal in two systems', () => {
  it('agree once both are read, whatever people did, and then nothing is written', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const deal = new Deal();
        for (const one of steps) {
          if (one.kind === 'edit') deal.toggle(one.system, one.person);
          else deal.sync(one.system);
        }
        for (let round = 0; round < 2; round += 1) for (const index of [0, 1]) deal.sync(index);
        const [first, second] = deal.systems;
        expect([...(first?.linked ?? [])].sort()).toEqual([...(second?.linked ?? [])].sort());
        expect([deal.sync(0), deal.sync(1)]).toEqual([false, false]);
      }),
    );
  });

  it('are never lost: who was linked and by nobody taken out is there', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const deal = new Deal();
        const removed = new Set<string>();
        const linked = new Set<string>();
        for (const one of steps) {
          if (one.kind === 'sync') deal.sync(one.system);
          else if (deal.systems[one.system]?.linked.has(one.person) === true) removed.add(one.person);
          else linked.add(one.person);
          if (one.kind === 'edit') deal.toggle(one.system, one.person);
        }
        for (let round = 0; round < 2; round += 1) for (const index of [0, 1]) deal.sync(index);
        for (const person of linked)
          if (!removed.has(person)) expect(deal.systems[1]?.linked.has(person)).toBe(true);
      }),
    );
  });
});
