/**
 * Change events to the contract's events (Change Data Capture Developer Guide, "Change Event Message Structure",
 * "Change Event Header Fields", "Get Compound Fields in Change Events", "Gap Events", "Overflow Events"). Pure.
 */
import { z } from 'zod';
import type { StreamEvent } from '../../../src/sdk/index.js';
import { fullId } from '../api/ids.js';

/** By this name Salesforce marks changes as ours: in change events, `changeOrigin` ends with it. */
export const CLIENT_NAME = 'Rapport';

const messageSchema = z.object({
  payload: z.object({
    ChangeEventHeader: z.object({
      changeType: z.string(),
      recordIds: z.array(z.string()),
      changeOrigin: z.string().nullish(),
      changedFields: z.array(z.string()).nullish(),
      commitTimestamp: z.number().nullish(),
    }),
  }),
  event: z.object({ replayId: z.int().min(0) }),
});

export interface Heard {
  readonly replayId: number;
  readonly events: readonly StreamEvent[];
  /** Changes were left out, or it cannot be told which records they are about. */
  readonly overflow: boolean;
}

const KINDS: Readonly<Record<string, StreamEvent['kind']>> = {
  CREATE: 'created',
  UPDATE: 'changed',
  DELETE: 'deleted',
  UNDELETE: 'changed',
};

/** undefined when it is no change event. */
export function heard(
  data: unknown,
  of: { readonly object: string; readonly properties: readonly string[] },
): Heard | undefined {
  const parsed = messageSchema.safeParse(data);
  if (!parsed.success) return undefined;
  const { payload, event } = parsed.data;
  const header = payload.ChangeEventHeader;
  const gap = header.changeType.startsWith('GAP_');
  const kind = KINDS[header.changeType.replace(/^GAP_/, '')];
  const ids = header.recordIds.map(fullId);
  const { replayId } = event;
  // An overflow names a record at most, a change of a field's type all of them (`003*`).
  if (kind === undefined || ids.length === 0 || ids.includes(undefined))
    return { replayId, events: [], overflow: true };
  const at = header.commitTimestamp;
  // Field values and names are left out of a gap event, and of all but updates.
  const changed = gap || header.changeType !== 'UPDATE' ? undefined : header.changedFields;
  const facts = {
    object: of.object,
    kind,
    // A gap event may stand for changes of several origins.
    own: !gap && isOwn(header.changeOrigin ?? ''),
    ...(at == null ? {} : { occurredAt: new Date(at).toISOString() }),
    ...(changed == null ? {} : { changed: changedOf(changed, of.properties) }),
  };
  return {
    replayId,
    events: ids.flatMap((id) =>
      id === undefined ? [] : [{ ...facts, id, dedupeKey: `${of.object}:${String(replayId)}:${id}` }],
    ),
    overflow: false,
  };
}

/** `com/salesforce/api/rest/62.0;client=Rapport`: the name that the Call Options header of the write gave. */
export function isOwn(changeOrigin: string): boolean {
  return changeOrigin.split(';').some((part) => part.trim() === `client=${CLIENT_NAME}`);
}

/**
 * The properties among those that changed. A part of a compound field is named `MailingAddress.City`, `Name.FirstName`
 * or `Address.City` where the record itself has `MailingCity`, `FirstName` and `City`.
 */
function changedOf(names: readonly string[], properties: readonly string[]): readonly string[] {
  const changed = new Set(names.map((name) => plainName(name).toLowerCase()));
  return properties.filter((property) => changed.has(property.toLowerCase()));
}

function plainName(name: string): string {
  const [compound = '', part] = name.split('.');
  if (part === undefined) return name;
  if (compound.endsWith('Address')) return compound.slice(0, -'Address'.length) + part;
  return compound === 'Name' ? part : name;
}
