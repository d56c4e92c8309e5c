import type { ErasurePlan } from '../erasure/erasure.service.js';
import type { ErasureView } from '../erasure/erasure-list.repository.js';
import { showTime, table } from './output.js';

const WORDS = {
  delete: 'deleted for good',
  archive: 'archived',
  keep: 'left as it is',
} as const;

export function renderPlan({ customerId, title, records }: ErasurePlan): string {
  return [
    `${title} (${customerId}): everything the hub holds is removed, and they are kept out from here on.`,
    ...(records.length === 0 ? [] : [planned(records)]),
  ].join('\n\n');
}

function planned(records: ErasurePlan['records']): string {
  return table(
    ['connection', 'object', 'record', 'is', ''],
    records.map(({ connection, object, externalId, action, note }) => [
      connection,
      object,
      externalId ?? '',
      WORDS[action],
      note ?? '',
    ]),
  );
}

/** Receipts; they name no person. */
export function renderErasure({ id, by, state, requestedAt, removed, receipts }: ErasureView): string {
  const rows = Object.values(removed).reduce((sum, count) => sum + count, 0);
  const head = `Erasure ${id}, ${state}: asked for by ${by} on ${showTime(requestedAt)} UTC; ${String(rows)} rows of the hub removed.`;
  if (receipts.length === 0) return head;
  const lines = table(
    ['connection', 'object', 'outcome', 'when (UTC)', ''],
    receipts.map((receipt) => [
      receipt.connection,
      receipt.object,
      receipt.outcome ?? 'waits',
      showTimeOf(receipt.doneAt),
      receipt.problem === null
        ? (receipt.note ?? '')
        : `${receipt.problem.message} ${receipt.problem.remedy} Tried again at ${showTimeOf(receipt.nextTryAt)}.`,
    ]),
  );
  return `${head}\n\n${lines}`;
}

function showTimeOf(time: Date | null): string {
  return time === null ? '' : showTime(time);
}
