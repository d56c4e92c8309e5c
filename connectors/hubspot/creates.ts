/** New records: by upsert where the portal has a property for the hub's id, else by create, never twice. */
import type { CreateOperation, PushOutcome } from '../../src/sdk/index.js';
import { linksOfRecords } from './associations.js';
import { readBatches } from './batch-read.js';
import { failedOutcomes, writeBatches, type BatchKind, type BatchResult, type Run } from './batch-write.js';
import { byEmail, emailOf, withExistingIds } from './emails.js';
import { refusedOutcome } from './errors.js';
import { RefusedError, refusalError } from './failures.js';
import { writeLinks } from './link-writes.js';
import type { RecordLinks } from './links.js';
import { settleUncertain } from './lookup.js';
import { prepare, type Write } from './prepare.js';
import { isReadOnly } from './properties.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';
import { stageWrites } from './stage-writes.js';
import { warnOnce } from './state.js';
import { modifiedAtOf, valuesOf } from './source-record.js';

type Create = Write<CreateOperation>;

/** A record that now stands for an operation. */
export interface Made {
  readonly write: Create;
  readonly record: HubSpotRecord;
  /** It was there before. */
  readonly found: boolean;
}

export async function pushCreates(
  session: Session,
  run: Run,
  operations: readonly CreateOperation[],
): Promise<readonly PushOutcome[]> {
  if (operations.length === 0) return [];
  const { writes, outcomes } = prepare(session, operations, await stageWrites(session, operations));
  const upsertBy = hubIdProperty(session);
  const settled = await settleUncertain(session, run, { writes, hubIdProperty: upsertBy });
  const { first, repeated } = sameEmailOnce(session, settled.open);
  const kind = upsertBy === undefined ? createKind(session) : upsertKind(session, upsertBy);
  const result = await writeBatches(run, first, kind);
  const made = [...settled.made, ...madeBy(result)];
  return [
    ...outcomes,
    ...settled.outcomes,
    ...(await withExistingIds(session, run, { outcomes: result.outcomes, writes: first })),
    ...(await report(session, run, made)),
    ...repeatedOutcomes(repeated, made),
    ...result.absent.map(({ key }) => refusedOutcome(key, { message: 'HubSpot could not find the record.' })),
  ];
}

/** The property named in the settings, if it can serve; `check` says what is wrong with it. */
export function hubIdProperty({ ctx, definitions, facts }: Session): string | undefined {
  const name = ctx.settings.hubIdProperty;
  if (name === undefined) return undefined;
  const definition = definitions.get(name);
  if (definition?.hasUniqueValue === true && !isReadOnly(definition)) return name;
  warnOnce(ctx, 'the property for the hub id is missing or not unique; records are made without it', {
    object: facts.object,
    property: name,
  });
  return undefined;
}

function createKind(session: Session): BatchKind<CreateOperation> {
  const { api, facts } = session;
  return {
    silence: 'unknown',
    idOf: () => undefined,
    send: (batch) => api.objects.create(facts, batch),
    match: (record, batch) => matchCreated(record, batch),
    ...(facts.object === 'contact' ? { refused: (batch, refusal) => byEmail(session, batch, refusal) } : {}),
  };
}

function upsertKind(session: Session, idProperty: string): BatchKind<CreateOperation> {
  const { api, facts } = session;
  return {
    silence: 'unknown',
    idOf: (write) => write.operation.hubId,
    send: (batch) =>
      api.objects.upsert(
        facts,
        idProperty,
        batch.map(({ operation, traceId, properties }) => ({
          id: operation.hubId,
          traceId,
          properties: { ...properties, [idProperty]: operation.hubId },
        })),
      ),
    match: (record, batch) =>
      batch.find((write) => write.operation.hubId === record.properties[idProperty]) ??
      matchCreated(record, batch),
    ...(facts.object === 'contact' ? { refused: (batch, refusal) => byEmail(session, batch, refusal) } : {}),
  };
}

/** By trace id; where HubSpot leaves it out, by e-mail, or by all that was sent if only one input says the same. */
function matchCreated(record: HubSpotRecord, batch: readonly Create[]): Create | undefined {
  if (record.traceId !== undefined) return batch.find((write) => write.traceId === record.traceId);
  const email = record.properties['email']?.toLowerCase();
  if (email !== undefined) {
    const same = batch.find((write) => emailOf(write) === email);
    if (same !== undefined) return same;
  }
  const alike = batch.filter((write) =>
    Object.entries(write.properties).every(
      ([name, text]) => (record.properties[name] ?? '').trim().toLowerCase() === text.trim().toLowerCase(),
    ),
  );
  return alike.length === 1 ? alike[0] : undefined;
}

/** HubSpot refuses a batch that holds one e-mail twice; only the first goes. */
function sameEmailOnce(
  session: Session,
  writes: readonly Create[],
): { readonly first: readonly Create[]; readonly repeated: readonly Create[] } {
  if (session.facts.object !== 'contact') return { first: writes, repeated: [] };
  const seen = new Set<string>();
  const first: Create[] = [];
  const repeated: Create[] = [];
  for (const write of writes) {
    const email = emailOf(write);
    if (email !== undefined && seen.has(email)) repeated.push(write);
    else first.push(write);
    if (email !== undefined) seen.add(email);
  }
  return { first, repeated };
}

function repeatedOutcomes(repeated: readonly Create[], made: readonly Made[]): readonly PushOutcome[] {
  return repeated.map((write): PushOutcome => {
    const other = made.find((entry) => emailOf(entry.write) === emailOf(write));
    if (other === undefined)
      return {
        key: write.key,
        status: 'retry',
        code: 'SAME_EMAIL_IN_BATCH',
        message: 'Another new contact with the same e-mail address goes first.',
      };
    return {
      key: write.key,
      status: 'conflict',
      existingId: other.record.id,
      property: 'email',
      message: 'Two customers have the same e-mail address, and HubSpot takes it only once.',
      remedy: 'If both are the same customer, merge them in the hub; if not, correct one of the addresses.',
    };
  });
}

function madeBy(result: BatchResult<CreateOperation>): readonly Made[] {
  return result.written.map(({ write, record }) => ({ write, record, found: record.isNew === false }));
}

/** Links the new records, then reports each record as HubSpot stores it. */
async function report(session: Session, run: Run, made: readonly Made[]): Promise<readonly PushOutcome[]> {
  if (made.length === 0) return [];
  const ids = made.map(({ record }) => record.id);
  const links = await storedLinks(session, run, made);
  const { names } = session.wanted;
  // The answer of a create leaves out what was not set; what HubSpot filled in by itself must be known.
  const read = await quietly(session, run, () => readBatches(session, ids, { properties: names }));
  const records = new Map((read ?? []).map((record) => [record.id, record]));
  return made.map(({ write, record, found }) => {
    const now = records.get(record.id) ?? record;
    const stored = found ? now : asAnswered(now, record, write);
    const linked = links?.get(record.id);
    const values = valuesOf(session, stored, found ? linked : asLinked(session, linked, write));
    const modifiedAt = modifiedAtOf(session.facts, found ? now : record);
    return {
      key: write.key,
      status: 'stored',
      id: record.id,
      values,
      ...(modifiedAt === undefined ? {} : { modifiedAt, version: modifiedAt }),
      ...(found ? { found } : {}),
    };
  });
}

/**
 * What was sent stands as HubSpot answered: by the time the record is read, a person may have changed it, and that is
 * found like any edit.
 */
function asAnswered(now: HubSpotRecord, answered: HubSpotRecord, { properties }: Create): HubSpotRecord {
  const sent = Object.keys(properties).flatMap((name) => {
    const value = answered.properties[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...now, properties: { ...now.properties, ...Object.fromEntries(sent) } };
}

/** Another company than the one linked is somebody's choice since; none at all is a link that could not be made. */
function asLinked(
  session: Session,
  now: RecordLinks | undefined,
  { links }: Create,
): RecordLinks | undefined {
  if (now === undefined) return undefined;
  const single = session.wanted.links.filter(({ kind }) => kind !== 'list');
  const made = single.flatMap(({ property }) => {
    const wanted = links[property] ?? [];
    return wanted.length > 0 && (now[property] ?? []).length > 0 ? [[property, wanted] as const] : [];
  });
  return { ...now, ...Object.fromEntries(made) };
}

/** A link that could not be made shows in the values: the hub writes it as an update, which says why. */
async function storedLinks(
  session: Session,
  run: Run,
  made: readonly Made[],
): Promise<ReadonlyMap<string, RecordLinks> | undefined> {
  if (session.wanted.links.length === 0) return undefined;
  for (const link of session.wanted.links) {
    const wishes = made.flatMap(({ write, record, found }) => {
      const wanted = write.links[link.property] ?? [];
      return wanted.length === 0 || found ? [] : [{ id: record.id, wanted, before: [] }];
    });
    await quietly(session, run, () => writeLinks(session, link, wishes));
  }
  return quietly(session, run, () =>
    linksOfRecords(
      session,
      made.map(({ record }) => record.id),
    ),
  );
}

/** The records are made: nothing that fails after it may hide that. undefined on failure. */
async function quietly<T>(session: Session, run: Run, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const [outcome] = failedOutcomes(
      run,
      [{ key: '' }],
      error instanceof RefusedError ? refusalError(error, 'link new records') : error,
    );
    session.ctx.log.warn('new records could not be read back', {
      object: session.facts.object,
      reason: outcome !== undefined && 'code' in outcome ? outcome.code : 'NO_ANSWER',
    });
    return undefined;
  }
}
