/** Outcomes of a write whose answer did not come. */
import type { PushOutcome } from '../../../src/sdk/index.js';

/** The call has ended and left no trace: to be sent again. */
export function answerLost(key: string): PushOutcome {
  const message = 'Salesforce failed in the middle of the call and did not apply it.';
  return { key, status: 'retry', code: 'NOT_APPLIED', message };
}

export function unknown(key: string): PushOutcome {
  return { key, status: 'unknown', message: 'The write was sent to Salesforce and no answer came.' };
}
