import type { World } from '../world.js';
import type { Snapshot, System, Violation } from './snapshot.js';

/**
 * Nobody is twice in a system beyond what users made themselves, nobody is missing where no user took them out, and
 * what a user deleted stays deleted.
 */
export function noDuplicates(snapshot: Snapshot, world: World): readonly Violation[] {
  return snapshot.systems.flatMap((system) => [
    ...tooMany(system, world),
    ...missing(system, snapshot, world),
    ...comeBack(system, world),
  ]);
}

function tooMany(system: System, world: World): readonly Violation[] {
  return [...groupsIn(system, world)].flatMap(([group, ids]): Violation[] => {
    const byHub = ids.filter((id) => !world.isMadeByUser(system.name, id));
    const allowed = world
      .membersOf(group)
      .filter((person) => !world.wasThere(system.name, person) || world.wasRemovedFrom(system.name, person));
    if (byHub.length <= allowed.length) return [];
    const who = `person ${world.membersOf(group).join(' = ')}`;
    return [
      {
        check: 'no duplicate',
        what: `${system.name} has ${who} as ${ids.join(', ')}; made by the hub: ${byHub.join(', ')}`,
      },
    ];
  });
}

/** Whoever is in one system is in all, unless a user took them out or an issue says why not. */
function missing(system: System, snapshot: Snapshot, world: World): readonly Violation[] {
  const here = groupsIn(system, world);
  const everywhere = new Set(snapshot.systems.flatMap((one) => [...groupsIn(one, world).keys()]));
  return [...everywhere].flatMap((group): Violation[] => {
    const members = world.membersOf(group);
    if (here.has(group) || members.some((person) => world.wasRemovedFrom(system.name, person))) return [];
    return [{ check: 'nobody missing', what: `${system.name} has no person ${members.join(' = ')}` }];
  });
}

function comeBack(system: System, world: World): readonly Violation[] {
  return system.records
    .filter(({ entity, id }) => entity === 'customer' && world.isGone(system.name, id))
    .map(({ id }) => ({ check: 'deleted stays deleted', what: `${system.name} ${id} is back` }));
}

function groupsIn(system: System, world: World): ReadonlyMap<number, readonly string[]> {
  const groups = new Map<number, string[]>();
  for (const { entity, id, values } of system.records) {
    const person = entity === 'customer' ? world.personOf(values['familyName']) : undefined;
    if (person === undefined) continue;
    const group = world.groupOf(person);
    groups.set(group, [...(groups.get(group) ?? []), id]);
  }
  return groups;
}
