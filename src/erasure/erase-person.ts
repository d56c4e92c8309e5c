import { randomUUID } from 'node:crypto';
import type { ConnectionDirectory } from '../connections/directory.js';
import type { Transaction } from '../platform/database/index.js';
import type { Vault } from '../platform/secrets/index.js';
import { addResolveTasks } from '../sync/ingest.repository.js';
import { lockResolve } from '../sync/resolve.repository.js';
import { enqueueErase, enqueueResolve } from '../sync/sync-jobs.js';
import { actionFor } from './action.js';
import { storeErasure, type NewErasure, type NewTask } from './erasure.repository.js';
import { redactRelatives } from './history.js';
import { givenNameOf, hashesOf, marksOfPerson } from './marks.js';
import { loadPerson, type Person } from './person.repository.js';
import { freeBlocked, purge, type Removed } from './purge.repository.js';
import { dropReferences } from './references.repository.js';
import { storeSuppressions } from './suppression.repository.js';
import { targetContext, type EraseTarget } from './target.js';

export interface EraseOptions {
  readonly goldenId: string;
  readonly by: string;
  readonly trigger: NewErasure['trigger'];
  readonly directory: ConnectionDirectory;
  readonly vault: Vault;
}

/**
 * Forgets a person in one transaction: all that the hub holds goes, keyed hashes keep them out, and what is to be done
 * in the systems is noted, sealed, with a job for each connection. Whatever becomes of this process afterwards, either
 * all of it or nothing has happened.
 */
export async function erasePerson(tx: Transaction, options: EraseOptions): Promise<string> {
  const { directory, vault, goldenId, by, trigger } = options;
  await lockResolve(tx);
  const person = await loadPerson(tx, goldenId);
  const id = randomUUID();
  const seal = (target: EraseTarget): string => vault.seal(JSON.stringify(target), targetContext(id));
  const tasks = tasksOf(person, directory, seal);
  await storeSuppressions(tx, id, suppressionsOf(person, directory));
  await storeErasure(tx, { id, goldenId, by, trigger, removed: await forget(tx, person) }, tasks);
  for (const connectionId of new Set(
    tasks.flatMap((task) => (task.outcome === null ? task.connectionId : [])),
  )) {
    await enqueueErase(tx, connectionId);
  }
  return id;
}

/** The hub's own part. What others said of the person's records is resolved anew without it. */
async function forget(tx: Transaction, person: Person): Promise<Removed> {
  await redactRelatives(tx, person);
  const freed = await freeBlocked(tx, person);
  const pointing = await dropReferences(tx, person.records);
  const removed = await purge(tx, person);
  const touched = [...freed, ...pointing].filter((id) => !person.goldenIds.includes(id));
  await addResolveTasks(tx, 'golden', touched, null);
  if (touched.length > 0) await enqueueResolve(tx);
  return removed;
}

/** What is to be done in each system, for each record and each create that may have made one. */
export function tasksOf(
  person: Person,
  directory: ConnectionDirectory,
  seal: (target: EraseTarget) => string,
): NewTask[] {
  const position = (id: string): number => directory.find(id)?.position ?? Infinity;
  const records = person.records
    .filter((record) => !directory.isHub(record.connectionId))
    .sort((a, b) => position(a.connectionId) - position(b.connectionId));
  return [
    ...records.map(({ connectionId, object, externalId, deleted }): NewTask => {
      const { action, note } = actionFor(directory.find(connectionId), object);
      const base = { connectionId, object, action, note };
      if (action === 'keep') return { ...base, sealed: null, outcome: 'kept' };
      // Archived already; only a deletion for good takes it further.
      if (deleted && action === 'archive') return { ...base, sealed: null, outcome: 'gone' };
      return { ...base, sealed: seal({ id: externalId }), outcome: null };
    }),
    ...person.uncertain.flatMap(({ connectionId, object, goldenId, sentAt, values }): NewTask[] => {
      const { action, note } = actionFor(directory.find(connectionId), object);
      const sealed = seal({ lookUp: { hubId: goldenId, sentAt, values } });
      return action === 'keep' ? [] : [{ connectionId, object, action, note, sealed, outcome: null }];
    }),
  ];
}

function suppressionsOf(person: Person, directory: ConnectionDirectory): { hash: string; kind: string }[] {
  const marks = marksOfPerson({
    places: person.records.filter((record) => !directory.isHub(record.connectionId)),
    identifiers: person.identifiers,
    givenNames: [...new Set(person.records.map((record) => givenNameOf(record.fields)))],
  });
  const [first] = directory.all;
  return first === undefined ? [] : hashesOf(marks, first.keyedHash);
}
