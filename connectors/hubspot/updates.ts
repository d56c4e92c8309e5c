/** Updates: sending one again does no harm, so a lost answer is settled by sending it once more. */
import type { JsonValue, PushOutcome, UpdateOperation } from '../../src/sdk/index.js';
import { readBatches } from './batch-read.js';
import { failedOutcomes, writeBatches, type BatchKind, type Run, type Written } from './batch-write.js';
import { writeLinks, type LinkResult } from './company-links.js';
import { RefusedError, refusalError } from './failures.js';
import { COMPANY_LINK } from './objects.js';
import { prepare, type Write } from './prepare.js';
import { readRecords } from './read.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';
import { companyValue, modifiedAtOf } from './source-record.js';
import { decode } from './values.js';

type Update = Write<UpdateOperation>;

export async function pushUpdates(
  session: Session,
  run: Run,
  operations: readonly UpdateOperation[],
): Promise<readonly PushOutcome[]> {
  if (operations.length === 0) return [];
  const { writes, outcomes } = prepare(session, operations);
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

/** Writes the companies, then reports what is stored. */
async function finish(session: Session, run: Run, halves: readonly Half[]): Promise<readonly PushOutcome[]> {
  const wishes = halves.flatMap(({ write }) =>
    write.company === undefined ? [] : [{ contactId: write.operation.id, companyId: write.company }],
  );
  let links: LinkResult;
  let reread: ReadonlyMap<string, HubSpotRecord>;
  try {
    links = await writeLinks(session, wishes);
    if (wishes.length > 0) run.applied = true;
    reread = await answersMissing(session, halves);
  } catch (error) {
    return failedOutcomes(
      run,
      halves.map(({ write }) => write),
      error instanceof RefusedError ? refusalError(error, 'change associations') : error,
    );
  }
  return halves.map((half) => {
    const { key, operation } = half.write;
    const refused = links.rejections.get(operation.id);
    if (refused !== undefined) return { key, status: 'rejected', rejections: [refused] };
    const record = reread.get(operation.id) ?? half.record;
    const modifiedAt = record === undefined ? undefined : modifiedAtOf(session.facts, record);
    return {
      key,
      status: 'stored',
      id: operation.id,
      values: storedValues(session, half.write, { record, link: links.stored.get(operation.id) }),
      ...(modifiedAt === undefined ? {} : { modifiedAt, version: modifiedAt }),
    };
  });
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
  answer: { readonly record: HubSpotRecord | undefined; readonly link: string | null | undefined },
): Record<string, JsonValue> {
  const values: Record<string, JsonValue> = {};
  for (const name of Object.keys(write.properties)) {
    const definition = session.definitions.get(name);
    if (definition === undefined) continue;
    const value = decode(definition, answer.record?.properties[name] ?? null, session.owners);
    if (value !== undefined) values[name] = value;
  }
  if (write.company !== undefined && answer.link !== undefined)
    values[COMPANY_LINK] = companyValue(answer.link);
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
