import type { PushOperation, PushOutcome } from '../../index.js';
import type { Bench } from '../bench.js';
import { must } from '../rule.js';

export type Stored = Extract<PushOutcome, { status: 'stored' }>;

/** An outcome in words, for causes. */
export function said(outcome: PushOutcome | undefined): string {
  if (outcome === undefined) return 'nothing';
  if (outcome.status === 'rejected')
    return `rejected (${outcome.rejections.map(({ code, message }) => `${code}: ${message}`).join('; ')})`;
  return 'message' in outcome ? `${outcome.status} (${outcome.message})` : outcome.status;
}

/** Pushes, and expects that all is stored; outcomes in the order of the operations. */
export async function expectStored(
  bench: Bench,
  operations: readonly PushOperation[],
): Promise<readonly Stored[]> {
  const outcomes = await bench.push(operations);
  return operations.map(({ key }) => {
    const outcome = outcomes.get(key);
    must(outcome?.status === 'stored', () => `${key} ends as ${said(outcome)}`);
    return outcome;
  });
}
