import fc from 'fast-check';
import { makePlan } from './plan.js';
import { TURMOIL_MS } from './schedule.js';

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('a plan', () => {
  it('is the same for the same seed, and another one for another', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(makePlan(seed)).toEqual(makePlan(seed));
        expect(makePlan(seed).steps).not.toEqual(makePlan(seed + 1).steps);
      }),
    );
  });

  it('goes forward in time, within the time of turmoil', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const times = makePlan(seed).steps.map(({ at }) => at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times.every((at) => at >= 0 && at <= TURMOIL_MS)).toBe(true);
      }),
    );
  });

  it('names only people, companies and systems that there are', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { steps, people, systems, companies, held } = makePlan(seed);
        for (const step of steps) {
          if ('person' in step) expect(people[step.person]).toBeDefined();
          if ('system' in step) expect(systems[step.system]).toBeDefined();
          if ('company' in step && step.company !== null) expect(companies[step.company]).toBeDefined();
          if (step.do === 'merge') expect(people[step.other]).toBeDefined();
          if (step.do === 'merge') expect(step.other).not.toBe(step.person);
        }
        for (const { system, person } of held) {
          expect(systems[system]).toBeDefined();
          expect(people[person]).toBeDefined();
        }
      }),
    );
  });

  it('has everybody in the play come in once at least, under names and addresses of their own', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { steps, people, held } = makePlan(seed);
        const there = new Set(held.map(({ person }) => person));
        const come = steps.flatMap((step) => (step.do === 'create' ? [step.person] : []));
        for (const person of come) expect(there.has(person)).toBe(false);
        expect(new Set([...there, ...come]).size).toBe(people.length);
        expect(new Set(people.map(({ family }) => family)).size).toBe(people.length);
        expect(new Set(people.map(({ email }) => email)).size).toBe(people.length);
      }),
    );
  });

  it('writes no text twice, so that one can be told from another', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { steps } = makePlan(seed);
        const written = steps.flatMap((step) =>
          step.do === 'edit' && step.value !== null ? [step.value] : [],
        );
        expect(new Set(written).size).toBe(written.length);
      }),
    );
  });

  it('breaks what it says it breaks: over some seeds every fault, kill and step occurs', () => {
    const steps = Array.from({ length: 50 }, (_, index) => makePlan(index + 1).steps).flat();
    expect(new Set(steps.map((step) => step.do)).size).toBe(11);
    expect(new Set(steps.flatMap((step) => (step.do === 'fault' ? [step.fault.kind] : []))).size).toBe(10);
    expect(new Set(steps.flatMap((step) => (step.do === 'kill' ? [step.process] : []))).size).toBe(3);
  });
});
