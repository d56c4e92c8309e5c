import type { CustomerDetail } from '../customers/detail.js';
import type { DealSummary } from '../customers/deals.repository.js';
import type { GoldenFieldView } from '../customers/golden-view.js';
import type { RecordFieldView, RecordView } from '../customers/record-view.js';
import { show, showTime, table } from './output.js';

/** A golden record whole: its fields, what each tool holds, and what is wrong. */
export function renderCustomer(detail: CustomerDetail): string {
  const parts = [
    `${detail.title === '' ? '(no name)' : detail.title}\n${detail.entity} ${detail.id}`,
    detail.fields.length === 0
      ? 'Nobody has said anything yet.'
      : table(HEADINGS, detail.fields.map(fieldRow)),
    ...(detail.deals.length === 0 ? [] : [table(DEALS, detail.deals.map(dealRow))]),
    ...detail.records.map(renderRecord),
    ...detail.duplicates.map(
      ({ connection, records }) =>
        `Twice in ${connection}: ${records.map(({ externalId }) => externalId).join(', ')}. Merge them there.`,
    ),
    ...detail.merges.map(
      ({ mergedId, by, rule, at }) => `Took in ${mergedId} on ${showTime(at)}: ${rule} (${by}).`,
    ),
    ...detail.issues.map(
      (issue) =>
        `Issue ${issue.id}${issue.state === 'skipped' ? ' (skipped)' : ''}, ${issue.connection}: ${issue.message}\n  ${issue.remedy}`,
    ),
  ];
  return parts.join('\n\n');
}

const HEADINGS = ['field', 'value', 'from', 'said (UTC)', 'rule'] as const;

const DEALS = ['deal', 'amount', 'stage', 'close date', 'in', 'id'] as const;

function dealRow({ id, title, amount, currency, stage, closeDate, connections }: DealSummary): string[] {
  const money = [amount, currency].filter((part) => part !== null).join(' ');
  return [title, money, stage ?? '', closeDate ?? '', connections.join(', '), id];
}

function fieldRow({ field, value, refersTo, provenance }: GoldenFieldView): string[] {
  const shown = refersTo === null ? show(value) : `${refersTo} (${show(value)})`;
  if (provenance === null) return [field, shown, '', '', ''];
  const { connection, object, externalId, at, origin, rule, undecided } = provenance;
  return [
    field,
    shown,
    [connection, object, externalId].filter((part) => part !== null).join(' '),
    origin === 'first' ? `${showTime(at)} at the latest` : showTime(at),
    undecided ? `${rule}, undecided` : rule,
  ];
}

function renderRecord(record: RecordView): string {
  const { connection, object, externalId, state, linkRule, mergedInto, differences } = record;
  const standing = state === 'merged' ? `merged into ${mergedInto ?? 'another'}` : state;
  const head = `${connection} ${object} ${externalId}: ${standing}${linkRule === null ? '' : `, linked: ${linkRule}`}`;
  if (state !== 'live') return head;
  if (differences.length === 0) return `${head}\n  agrees`;
  const lines = record.fields
    .filter(({ field }) => differences.includes(field))
    .map(({ field, held, golden, ...how }) => `  ${field}: ${show(held)}, not ${show(golden)}${note(how)}`);
  return [head, ...lines].join('\n');
}

/** Why a difference is there to stay. */
function note({
  direction,
  settledDifferently,
}: Pick<RecordFieldView, 'direction' | 'settledDifferently'>): string {
  if (settledDifferently) return ' (how it stores what was written)';
  return direction === 'pull' ? ' (only read here)' : '';
}
