/** What two records become when they are merged. */
import type { StoredRecord } from './types.js';

/** A new record: the primary's values win, the other's fill its blanks, further e-mails are kept. */
export function mergedRecord(
  primary: StoredRecord,
  other: StoredRecord,
  made: { readonly id: string; readonly at: number },
): StoredRecord {
  const properties: Record<string, string> = { ...other.properties, ...primary.properties };
  const emails = [primary, other].flatMap((record) => [
    record.properties['email'] ?? '',
    ...(record.properties['hs_additional_emails'] ?? '').split(';'),
  ]);
  const further = [...new Set(emails)].filter((email) => email !== '' && email !== properties['email']);
  if (primary.object === 'contacts' && further.length > 0)
    properties['hs_additional_emails'] = further.join(';');
  return {
    ...primary,
    id: made.id,
    properties,
    history: new Map([...other.history, ...primary.history]),
    createdAt: Math.min(primary.createdAt, other.createdAt),
    updatedAt: made.at,
    archivedAt: null,
    links: {
      companies: new Map([...other.links.companies, ...primary.links.companies]),
      contacts: new Map([...other.links.contacts, ...primary.links.contacts]),
    },
    merged: [primary, other].flatMap((record) => [{ id: record.id, at: made.at }, ...record.merged]),
    indexed: null,
  };
}
