/**
 * Work that outlives the moment. A job is declared once, beside its handler; it is enqueued in the transaction that
 * makes it necessary, and run by any process.
 *
 * queue    jobs of one queue run one after the other, in order, whatever the number of processes
 * key      at most one waiting job has it: enqueueing again replaces the waiting one. A job that already runs is left
 *          alone, and a new one is added, so nothing enqueued after it began is missed
 * attempt  a run of the job; failed ones are repeated after 3 s, 7 s, 20 s, … up to 6 h
 */
import type { z } from 'zod';

export interface JobDefinition<Payload> {
  readonly name: string;
  /** Ids only, never records: the handler reads what is true when it runs. */
  readonly payload: z.ZodType<Payload>;
  queue?(payload: Payload): string;
  key?(payload: Payload): string;
  /** 25 unless told, which is about 4 days. */
  readonly maxAttempts?: number;
  /** Smaller runs first; 0 unless told. */
  readonly priority?: number;
}

/** Returned by a handler that was told to stop and has not finished: the job goes to another process at once. */
export const HAND_BACK = Symbol('hand back');

export interface JobContext {
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  /** Aborts when the process is asked to end: finish the step at hand, then return {@link HAND_BACK}. */
  readonly stopping: AbortSignal;
  /** Aborts some seconds later: give up what is at hand. */
  readonly signal: AbortSignal;
}

export type JobOutcome = undefined | typeof HAND_BACK;

export type JobHandler<Payload> = (
  payload: Payload,
  context: JobContext,
) => Promise<void> | Promise<JobOutcome>;

/** Returns its argument; infers the types. */
export function defineJob<Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return definition;
}
