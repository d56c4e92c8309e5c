/** Updates: one whose answer is lost is not sent again before the hub has looked at the record. */
import type { JsonValue, PushOutcome, Rejection, UpdateOperation } from '../../src/sdk/index.js';
import { readBatches } from './batch-read.js';
import { failedOutcomes, writeBatches, type BatchKind, type Run, type Written } from './batch-write.js';
import { decodeIn } from './deal-values.js';
import { RefusedError, refusalError } from './failures.js';
import { linkIds, linkValue, type LinkIds } from './links.js';
import { writeLinks } from './link-writes.js';
import { prepare, type Write } from './prepare.js';
import { readRecords } from './read.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';
import { stageWrites } from './stage-writes.js';
import { sideEffects } from './side-effects.js';
import { modifiedAtOf } from './source-record.js';

type Update = Write<UpdateOperation>;

export async function pushUpdates(
  session: Session,
  run: Run,
  operations: readonly UpdateOperation[],
): Promise<readonly PushOutcome[]> {
  if (operations.length === 0) return [];
  const { writes, outcomes } = prepare(session, operations, await stageWrites(session, operations));
  const withValues = writes.filter((write) => Object.keys(write.properties).length > 0);
  const result = await writeBatches(run, withValues, updateKind(session));
  const { inPlace, moved } = apart(result.written);
  const untouched = writes.filter((write) => Object.keys(write.properties).length === 0);
  const stored = await finish(session, run, [
    ...inPlace,
    ...untouched.map((write) => ({ write, record: undefined })),
  ]);
  return [
    ...outcomes,
    ...result.outcomes,
    ...moved,
    ...stored,
    ...(await departed(session, run, result.absent)),
  ];
}

function updateKind(session: Session): BatchKind<UpdateOperation> {
  const { api, facts } = session;
  return {
    silence: 'absent',
    idOf: (write) => write.operation.id,
    send: (batch) =>
      api.objects.update(
        facts,
        batch.map(({ operation, traceId, properties }) => ({ id: operation.id, traceId, properties })),
      ),
    match: (record, batch) =>
      batch.find((write) => write.operation.id === record.id) ??
      batch.find((write) => write.traceId === record.traceId),
  };
}

/** An update of a record that was merged away may land on its survivor, which answers under its own id. */
function apart(written: readonly Written<UpdateOperation>[]): {
  readonly inPlace: readonly Written<UpdateOperation>[];
  readonly moved: readonly PushOutcome[];
} {
  const inPlace = written.filter(({ write, record }) => record.id === write.operation.id);
  const moved = written
    .filter(({ write, record }) => record.id !== write.operation.id)
    .map(({ write, record }): PushOutcome => ({ key: write.key, status: 'gone', mergedInto: record.id }));
  return { inPlace, moved };
}

interface Half {
  readonly write: Update;
  /** HubSpot's answer; undefined when there was no property to write. */
  readonly record: HubSpotRecord | undefined;
}

/** Writes the links, then reports what is stored. */
async function finish(session: Session, run: Run, halves: readonly Half[]): Promise<readonly PushOutcome[]> {
  let links: WrittenLinks;
  let reread: ReadonlyMap<string, HubSpotRecord>;
  let rewritten: ReadonlyMap<string, Readonly<Record<string, JsonValue>>>;
  try {
    links = await writeAllLinks(session, run, halves);
    reread = await answersMissing(session, halves);
    rewritten = await sideEffects(
      session,
      halves.map(({ write }) => write),
    );
  } catch (error) {
    const failure = error instanceof RefusedError ? refusalError(error, 'change associations') : error;
    const outcomes = failedOutcomes(
      run,
      halves.map(({ write }) => write),
      failure,
    );
    const halfDone = new Set(
      halves.flatMap(({ write, record }) => (record === undefined ? [] : [write.key])),
    );
    return outcomes.map((outcome) => (halfDone.has(outcome.key) ? halfStored(outcome.key) : outcome));
  }
  return halves.map((half) => {
    const { key, operation } = half.write;
    const rejections = links.rejections.get(operation.id);
    if (rejections !== undefined) return { key, status: 'rejected', rejections };
    const record = reread.get(operation.id) ?? half.record;
    const modifiedAt = record === undefined ? undefined : modifiedAtOf(session.facts, record);
    return {
      key,
      status: 'stored',
      id: operation.id,
      values: {
        ...storedValues(session, half.write, { record, links: links.stored.get(operation.id) ?? {} }),
        ...rewritten.get(operation.id),
      },
      ...(modifiedAt === undefined ? {} : { modifiedAt, version: modifiedAt }),
    };
  });
}

/** To be sent again, but not as if nothing had been written: what is found there would look like somebody's edit. */
function halfStored(key: string): PushOutcome {
  const message = 'HubSpot stored the values; what became of the rest of the write is not known.';
  return { key, status: 'unknown', message };
}

interface WrittenLinks {
  /** By record, by property. */
  readonly stored: ReadonlyMap<string, Record<string, LinkIds>>;
  readonly rejections: ReadonlyMap<string, readonly Rejection[]>;
}

async function writeAllLinks(session: Session, run: Run, halves: readonly Half[]): Promise<WrittenLinks> {
  const stored = new Map<string, Record<string, LinkIds>>();
  const rejections = new Map<string, Rejection[]>();
  for (const link of session.facts.links) {
    const wishes = halves.flatMap(({ write: { operation, links } }) => {
      const wanted = links[link.property];
      if (wanted === undefined) return [];
      return [{ id: operation.id, wanted, before: linkIds(operation.previous[link.property] ?? null) ?? [] }];
    });
    const result = await writeLinks(session, link, wishes);
    if (wishes.length > 0) run.applied = true;
    for (const [id, ids] of result.stored) stored.set(id, { ...stored.get(id), [link.property]: ids });
    for (const [id, refused] of result.rejections)
      rejections.set(id, [...(rejections.get(id) ?? []), refused]);
  }
  return { stored, rejections };
}

/** HubSpot answers an update with what was written; where it leaves something out, the record is read. */
async function answersMissing(
  session: Session,
  halves: readonly Half[],
): Promise<ReadonlyMap<string, HubSpotRecord>> {
  const silent = halves.filter(
    ({ write, record }) =>
      record !== undefined &&
      Object.keys(write.properties).some((name) => record.properties[name] === undefined),
  );
  const names = [...new Set(silent.flatMap(({ write }) => Object.keys(write.properties)))];
  const records = await readBatches(
    session,
    silent.map(({ write }) => write.operation.id),
    { properties: [...names, session.facts.modified] },
  );
  return new Map(records.map((record) => [record.id, record]));
}

function storedValues(
  session: Session,
  write: Update,
  answer: { readonly record: HubSpotRecord | undefined; readonly links: Readonly<Record<string, LinkIds>> },
): Record<string, JsonValue> {
  const values: Record<string, JsonValue> = {};
  for (const name of Object.keys(write.properties)) {
    const definition = session.definitions.get(name);
    if (definition === undefined) continue;
    const value = decodeIn(session, definition, answer.record?.properties[name] ?? null);
    if (value !== undefined) values[name] = value;
  }
  for (const link of session.facts.links) {
    const ids = answer.links[link.property];
    if (ids !== undefined) values[link.property] = linkValue(link, ids);
  }
  return values;
}

/** Where records went that HubSpot did not update: archived, merged into another, or still there after all. */
async function departed(
  session: Session,
  run: Run,
  absent: readonly Update[],
): Promise<readonly PushOutcome[]> {
  if (absent.length === 0) return [];
  try {
    const { tombstones } = await readRecords(
      session,
      absent.map(({ operation }) => operation.id),
    );
    const gone = new Map(tombstones.map((tombstone) => [tombstone.id, tombstone]));
    return absent.map(({ key, operation }): PushOutcome => {
      const tombstone = gone.get(operation.id);
      if (tombstone === undefined)
        return { key, status: 'retry', code: 'LEFT_OUT', message: 'HubSpot passed over the record.' };
      const { mergedInto } = tombstone;
      return { key, status: 'gone', ...(mergedInto === undefined ? {} : { mergedInto }) };
    });
  } catch (error) {
    return failedOutcomes(run, absent, error);
  }
}
