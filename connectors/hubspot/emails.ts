/** E-mail addresses are unique among HubSpot's contacts: finding who has them. */
import type { CreateOperation, PushOutcome } from '../../src/sdk/index.js';
import { readBatches } from './batch-read.js';
import { failedOutcomes, type Run, type Sorted } from './batch-write.js';
import { refusedOutcome } from './errors.js';
import type { RefusedError } from './failures.js';
import type { Write } from './prepare.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';

type Create = Write<CreateOperation>;

/** As HubSpot stores it. */
export function emailOf(write: Create): string | undefined {
  const email = write.properties['email']?.trim().toLowerCase();
  return email === '' ? undefined : email;
}

/** Live contacts by e-mail, further addresses included. Reads the records themselves, so it lags behind nothing. */
export async function contactsByEmail(
  session: Session,
  emails: readonly string[],
): Promise<ReadonlyMap<string, HubSpotRecord>> {
  const asked = new Set(emails);
  const { hubIdProperty } = session.ctx.settings;
  const own = hubIdProperty !== undefined && session.definitions.has(hubIdProperty) ? [hubIdProperty] : [];
  const records = await readBatches(session, emails, {
    idProperty: 'email',
    properties: [...new Set([...session.wanted.names, 'email', 'hs_additional_emails', ...own])],
  });
  const found = new Map<string, HubSpotRecord>();
  for (const record of records) {
    const addresses = [
      record.properties['email'],
      ...(record.properties['hs_additional_emails'] ?? '').split(';'),
    ];
    for (const address of addresses) {
      const email = (address ?? '').trim().toLowerCase();
      if (asked.has(email)) found.set(email, record);
    }
  }
  return found;
}

/** A batch refused for existing e-mails names only the first of them: all who exist are found at once. */
export async function byEmail(
  session: Session,
  batch: readonly Create[],
  refusal: RefusedError,
): Promise<Sorted<CreateOperation> | undefined> {
  if (refusal.status !== 409) return undefined;
  const existing = await contactsByEmail(
    session,
    batch.flatMap((write) => emailOf(write) ?? []),
  );
  const outcomes: PushOutcome[] = [];
  const again = batch.filter((write) => {
    const record = existing.get(emailOf(write) ?? '');
    if (record === undefined || isOwn(session, record, write)) return true;
    outcomes.push(emailConflict(write, record.id));
    return false;
  });
  return outcomes.length === 0 ? undefined : { outcomes, again };
}

/** The record an earlier upsert of the same operation made. */
function isOwn(session: Session, record: HubSpotRecord, write: Create): boolean {
  const { hubIdProperty } = session.ctx.settings;
  return hubIdProperty !== undefined && record.properties[hubIdProperty] === write.operation.hubId;
}

/** Conflicts over e-mails whose answer did not name the record in the way. */
export async function withExistingIds(
  session: Session,
  run: Run,
  given: { readonly outcomes: readonly PushOutcome[]; readonly writes: readonly Create[] },
): Promise<readonly PushOutcome[]> {
  const { outcomes } = given;
  const byKey = new Map(given.writes.map((write) => [write.key, write]));
  const unnamed = outcomes.flatMap((outcome) => {
    const write = byKey.get(outcome.key);
    return outcome.status === 'conflict' && outcome.existingId === undefined && write !== undefined
      ? [write]
      : [];
  });
  const emails = unnamed.flatMap((write) => emailOf(write) ?? []);
  if (emails.length === 0 || session.facts.object !== 'contact') return outcomes;
  let existing: ReadonlyMap<string, HubSpotRecord>;
  try {
    existing = await contactsByEmail(session, emails);
  } catch (error) {
    failedOutcomes(run, unnamed, error);
    return outcomes;
  }
  return outcomes.map((outcome) => {
    const write = byKey.get(outcome.key);
    const record = write === undefined ? undefined : existing.get(emailOf(write) ?? '');
    return outcome.status === 'conflict' && outcome.existingId === undefined && record !== undefined
      ? { ...outcome, existingId: record.id }
      : outcome;
  });
}

export function emailConflict(write: Create, existingId: string): PushOutcome {
  return refusedOutcome(write.key, {
    message: `Contact already exists. Existing ID: ${existingId}`,
    category: 'CONFLICT',
  });
}
