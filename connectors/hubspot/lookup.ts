/**
 * Creates whose earlier attempt may have gone through. They are looked up, and nothing is made: by the hub's id where
 * the portal keeps it, contacts by e-mail, neither of which lags behind anything; others among the records made since,
 * once search must know them.
 */
import type { CreateOperation, PushOutcome } from '../../src/sdk/index.js';
import { readBatches } from './batch-read.js';
import { failedOutcomes, type Run } from './batch-write.js';
import type { Made } from './creates.js';
import { contactsByEmail, emailConflict, emailOf } from './emails.js';
import { RefusedError, refusalError } from './failures.js';
import type { Write } from './prepare.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';

type Create = Write<CreateOperation>;

/** By then search shows a new record, as far as HubSpot and those who use it say. */
const INDEX_LAG_MS = 20_000;
/** Room for the clocks of the hub and of HubSpot, whose `Date` leaves out the fraction of a second. */
const CLOCK_SLACK_MS = 60_000;
/** An attempt ends after so long, and may be applied until then. */
const ATTEMPT_MS = 5 * 60_000;
const SEARCH_PAGE = 200;
/** Records made in the time in question that are looked at before the look-up is put off. */
const MAX_PAGES = 25;

interface Settled {
  readonly made: readonly Made[];
  readonly outcomes: readonly PushOutcome[];
  /** To be created: there was no earlier attempt. */
  readonly open: readonly Create[];
}

export async function settleUncertain(
  session: Session,
  run: Run,
  {
    writes,
    hubIdProperty,
  }: { readonly writes: readonly Create[]; readonly hubIdProperty: string | undefined },
): Promise<Settled> {
  const certain = writes.filter((write) => write.operation.uncertainSince === undefined);
  const uncertain = writes.filter((write) => write.operation.uncertainSince !== undefined);
  if (uncertain.length === 0) return { made: [], outcomes: [], open: writes };
  try {
    const found =
      hubIdProperty === undefined
        ? await byWhatTheySay(session, uncertain)
        : await byHubId(session, uncertain, hubIdProperty);
    const absent = found.open.map(({ key }): PushOutcome => ({ key, status: 'gone' }));
    return { made: found.made, outcomes: [...found.outcomes, ...absent], open: certain };
  } catch (error) {
    // Not looked up is not created: they stay uncertain, and the others go on.
    const failure = error instanceof RefusedError ? refusalError(error, 'look records up') : error;
    return { made: [], outcomes: failedOutcomes(run, uncertain, failure), open: certain };
  }
}

/** A second upsert would find it too, and write over what people have changed there since. */
async function byHubId(session: Session, writes: readonly Create[], idProperty: string): Promise<Settled> {
  const ids = writes.map(({ operation }) => operation.hubId);
  const properties = [...new Set([...session.wanted.names, idProperty])];
  const records = await readBatches(session, ids, { idProperty, properties });
  const byId = new Map(records.map((record) => [record.properties[idProperty], record]));
  const made = writes.flatMap((write): Made[] => {
    const record = byId.get(write.operation.hubId);
    return record === undefined ? [] : [{ write, record, found: true }];
  });
  return { made, outcomes: [], open: writes.filter(({ operation }) => !byId.has(operation.hubId)) };
}

async function byWhatTheySay(session: Session, writes: readonly Create[]): Promise<Settled> {
  const isContact = session.facts.object === 'contact';
  const withEmail = writes.filter((write) => isContact && emailOf(write) !== undefined);
  const others = writes.filter((write) => !withEmail.includes(write));
  return together(await byEmails(session, withEmail), await byValues(session, others));
}

async function byEmails(session: Session, writes: readonly Create[]): Promise<Settled> {
  if (writes.length === 0) return { made: [], outcomes: [], open: [] };
  const existing = await contactsByEmail(
    session,
    writes.flatMap((write) => emailOf(write) ?? []),
  );
  const settled: { made: Made[]; outcomes: PushOutcome[]; open: Create[] } = {
    made: [],
    outcomes: [],
    open: [],
  };
  for (const write of writes) {
    const record = existing.get(emailOf(write) ?? '');
    if (record === undefined) settled.open.push(write);
    else if (createdSince(session, record, write)) settled.made.push({ write, record, found: true });
    // It was there before the attempt, so it is somebody else's.
    else settled.outcomes.push(emailConflict(write, record.id));
  }
  return settled;
}

async function byValues(session: Session, writes: readonly Create[]): Promise<Settled> {
  const { ctx } = session;
  const ripe = writes.filter((write) => since(write) + INDEX_LAG_MS <= ctx.clock.now());
  const outcomes = writes
    .filter((write) => !ripe.includes(write))
    .map((write) => notYet(write.key, since(write) + INDEX_LAG_MS));
  if (ripe.length === 0) return { made: [], outcomes, open: [] };

  const candidates = await madeSince(session, ripe);
  if (candidates === 'too-many')
    return {
      made: [],
      outcomes: [...outcomes, ...ripe.map((write) => notYet(write.key, ctx.clock.now() + ATTEMPT_MS))],
      open: [],
    };
  const known = await ctx.known.versions(
    session.facts.object,
    candidates.map(({ id }) => id),
  );
  const free = new Set(candidates.filter(({ id }) => !known.has(id)));
  const made: Made[] = [];
  const open = ripe.filter((write) => {
    const record = [...free].find(
      (candidate) => createdSince(session, candidate, write) && holds(candidate, write),
    );
    if (record === undefined) return true;
    free.delete(record);
    made.push({ write, record, found: true });
    return false;
  });
  return { made, outcomes, open };
}

function notYet(key: string, retryAt: number): PushOutcome {
  return {
    key,
    status: 'retry',
    code: 'LOOKUP_TOO_EARLY',
    message: 'Whether HubSpot made the record at the last attempt can be told in a moment.',
    retryAt,
  };
}

/** All records of the object made while the attempts were under way. */
async function madeSince(
  session: Session,
  writes: readonly Create[],
): Promise<readonly HubSpotRecord[] | 'too-many'> {
  const { api, facts } = session;
  const times = writes.map((write) => onServer(session, since(write)));
  const properties = [...new Set(writes.flatMap((write) => Object.keys(write.properties)))];
  const from = String(Math.min(...times) - CLOCK_SLACK_MS);
  const to = String(Math.max(...times) + ATTEMPT_MS + CLOCK_SLACK_MS);
  const records: HubSpotRecord[] = [];
  for (let page = 0, afterId = '0'; page < MAX_PAGES; page += 1) {
    const found = await api.objects.search(facts, {
      filters: [
        { property: 'createdate', operator: 'GTE', value: from },
        { property: 'createdate', operator: 'LTE', value: to },
        { property: 'hs_object_id', operator: 'GT', value: afterId },
      ],
      sort: 'hs_object_id',
      properties: [...properties, 'createdate', facts.modified],
      limit: SEARCH_PAGE,
    });
    records.push(...found.records);
    if (found.records.length < SEARCH_PAGE) return records;
    afterId = found.records.at(-1)?.id ?? afterId;
  }
  return 'too-many';
}

/** The record says all that was sent, apart from how HubSpot may have tidied it. */
function holds(record: HubSpotRecord, write: Create): boolean {
  const sent = Object.entries(write.properties);
  return sent.length > 0 && sent.every(([name, text]) => tidy(record.properties[name] ?? '') === tidy(text));
}

function tidy(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/\/+$/, '');
}

function createdSince(session: Session, record: HubSpotRecord, write: Create): boolean {
  const created = Date.parse(record.createdAt ?? record.properties['createdate'] ?? '');
  return created >= onServer(session, since(write)) - CLOCK_SLACK_MS;
}

function since(write: Create): number {
  return Date.parse(write.operation.uncertainSince ?? '');
}

/** Hub's clock → HubSpot's. */
function onServer(session: Session, at: number): number {
  return session.ctx.http.serverTime(at);
}

function together(one: Settled, other: Settled): Settled {
  return {
    made: [...one.made, ...other.made],
    outcomes: [...one.outcomes, ...other.outcomes],
    open: [...one.open, ...other.open],
  };
}
