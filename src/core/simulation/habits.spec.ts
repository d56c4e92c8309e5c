import { converged, noDuplicates, provenance, type Violation } from './checks.js';
import { GOOD_HABITS, type Habits } from './hub-setup.js';
import { comeToRest, perform, type Step } from './schedule.js';
import { makeWorld, type SystemConfig, type World } from './world.js';

const plain: SystemConfig = {
  clockOffset: 0,
  fieldTimes: false,
  maxLength: 40,
  lag: 0,
  uniqueEmail: false,
  hubKey: true,
  mergeMakesNew: false,
  jobTitle: 'both',
  onDelete: 'keep',
};

function violations(
  schedule: { readonly systems: readonly SystemConfig[]; readonly steps: readonly Step[] },
  habits: Habits,
  check: (world: World) => readonly Violation[],
): readonly Violation[] {
  const world = makeWorld({ systems: schedule.systems, jobTitle: 'most-recent', blanks: 'win' }, habits);
  perform(world, schedule.steps);
  expect(comeToRest(world, false)).toBeDefined();
  return check(world);
}

describe('what a hub must do about lost answers and conflicts', () => {
  it('keeps what an update says before it is sent: else its own value comes back as an edit', () => {
    const schedule = {
      systems: [plain, plain],
      steps: [
        ['makes', 0, [1, 1, 0, 0, 0]],
        ['sync', 0],
        ['sync', 1],
        ['edits', 0, 0, 'familyName', 1],
        ['pull', 0, 'plain'],
        ['push', 1, 'lost-after'],
      ],
    } satisfies { systems: unknown; steps: Step[] };
    expect(violations(schedule, { ...GOOD_HABITS, remembersUpdates: false }, provenance)).not.toEqual([]);
    expect(violations(schedule, GOOD_HABITS, provenance)).toEqual([]);
  });

  it('looks a lost create up by what was sent then: else it makes the record again', () => {
    const schedule = {
      systems: [plain, { ...plain, hubKey: false }],
      steps: [
        ['makes', 0, [1, 1, 0, 0, 0]],
        ['sync', 0],
        ['push', 1, 'dies-after'],
        ['edits', 0, 0, 'email', 4],
        ['pull', 0, 'plain'],
        ['resolve'],
      ],
    } satisfies { systems: unknown; steps: Step[] };
    expect(violations(schedule, { ...GOOD_HABITS, looksUpWhatWasSent: false }, noDuplicates)).not.toEqual([]);
    expect(violations(schedule, GOOD_HABITS, noDuplicates)).toEqual([]);
  });

  it('looks lost creates up before it reads for another create: else its own record comes as a new one', () => {
    const schedule = {
      systems: [plain, plain],
      steps: [
        ['makes', 0, [1, 0, 0, 0, 0]],
        ['pull', 0, 'plain'],
        ['push', 1, 'lost-after'],
        ['makes', 0, [0, 1, 0, 0, 0]],
        ['sync', 0],
        ['push', 1, 'none'],
      ],
    } satisfies { systems: unknown; steps: Step[] };
    expect(violations(schedule, { ...GOOD_HABITS, looksUpFirst: false }, provenance)).not.toEqual([]);
    expect(violations(schedule, GOOD_HABITS, provenance)).toEqual([]);
  });

  it('tries a write again when the record in its way changes: else they never agree', () => {
    const schedule = {
      systems: [{ ...plain, uniqueEmail: true }, plain],
      steps: [
        ['makes', 1, [2, 0, 0, 0, 0]],
        ['sync', 1],
        ['makes', 0, [1, 0, 0, 0, 0]],
        ['edits', 1, 0, 'email', 1],
        ['push', 0, 'none'],
        ['push', 0, 'none'],
        ['push', 1, 'none'],
        ['push', 0, 'none'],
        ['edits', 0, 0, 'email', 0],
      ],
    } satisfies { systems: unknown; steps: Step[] };
    expect(violations(schedule, { ...GOOD_HABITS, triesConflictsAgain: false }, converged)).not.toEqual([]);
    expect(violations(schedule, GOOD_HABITS, converged)).toEqual([]);
  });
});
