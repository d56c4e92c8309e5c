import type { EraseOutcome, PushOutcome } from '../sdk/index.js';
import type { DueTask, ErasureProblem, TaskResult } from './erasure.repository.js';
import type { EraseTarget } from './target.js';

type Task = DueTask & { readonly target: EraseTarget };

/** What turns an answer into what is to be remembered. */
export interface Answered {
  /** ms, hub's clock. */
  readonly now: number;
  /** The id of a record of the task, as it is kept. */
  seal(task: DueTask, id: string): string;
  waitMs(task: DueTask): number;
}

/** What a person must mend is looked at again now and then: nobody has to remember it. */
const REFUSED_MS = 6 * 3_600_000;

const BY_ITSELF = 'Nothing to do: it is tried again by itself.';

export function resultOfErase(task: Task, outcome: EraseOutcome, answered: Answered): TaskResult {
  switch (outcome.status) {
    case 'erased':
    case 'gone':
      return { id: task.id, kind: 'done', outcome: outcome.status, note: null };
    case 'archived':
      return { id: task.id, kind: 'done', outcome: 'archived', note: outcome.note };
    case 'rejected':
      return later(task, answered.now + REFUSED_MS, outcome);
    case 'retry':
      return later(task, outcome.retryAt ?? answered.now + answered.waitMs(task), {
        ...outcome,
        remedy: BY_ITSELF,
      });
  }
}

/** Of an archive, or of a look for what a create without an answer has made. */
export function resultOfPush(task: Task, outcome: PushOutcome, answered: Answered): TaskResult {
  const isLookUp = 'lookUp' in task.target;
  switch (outcome.status) {
    case 'stored':
      return isLookUp
        ? { id: task.id, kind: 'found', sealed: answered.seal(task, outcome.id) }
        : { id: task.id, kind: 'done', outcome: 'archived', note: null };
    case 'conflict':
      // The very record, by another road.
      if (isLookUp && outcome.existingId !== undefined)
        return { id: task.id, kind: 'found', sealed: answered.seal(task, outcome.existingId) };
      return later(task, answered.now + REFUSED_MS, { ...outcome, code: 'CONFLICT' });
    case 'gone':
      return { id: task.id, kind: 'done', outcome: 'gone', note: null };
    case 'rejected':
      return later(task, answered.now + REFUSED_MS, outcome.rejections[0] ?? REFUSED);
    case 'retry':
      return later(task, outcome.retryAt ?? answered.now + answered.waitMs(task), {
        ...outcome,
        remedy: BY_ITSELF,
      });
    case 'unknown':
      return later(task, answered.now + answered.waitMs(task), {
        code: 'NO_ANSWER',
        message: outcome.message,
        remedy: BY_ITSELF,
      });
  }
}

const REFUSED: ErasureProblem = {
  code: 'DELETION_REFUSED',
  message: 'The system refuses to remove the record.',
  remedy: 'Remove it there by hand.',
};

function later(task: Task, dueAt: number, { code, message, remedy }: ErasureProblem): TaskResult {
  return { id: task.id, kind: 'later', dueAt, problem: { code, message, remedy } };
}
