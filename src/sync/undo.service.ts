import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { planUndo, type UndoObstacle } from '../core/planning/index.js';
import { canPush, objectOf, type ActiveConnection } from '../connections/active-connection.js';
import { ConnectionsService } from '../connections/connections.service.js';
import type { ConnectionDirectory } from '../connections/directory.js';
import { isUuid } from '../customers/golden.repository.js';
import { RequestError } from '../customers/request-error.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { reportRun } from '../runs/run-report.js';
import { loadRecords } from './resolve.repository.js';
import { isLive, type StoredRecord } from './source-record.js';
import { enqueuePush } from './sync-jobs.js';
import * as repository from './undo.repository.js';
import type { UndoWrite, Written } from './undo.repository.js';

/** Something that an undo leaves as it is, and why. */
export interface NotUndone {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  /** Null: the whole record. */
  readonly field: string | null;
  readonly obstacle: UndoObstacle;
  /** The record in its system, where that gives addresses. */
  readonly url: string | null;
  /** What a person can do there: how an archived record is brought back. */
  readonly byHand: string | null;
}

export interface Undone {
  /** The run that writes back; null for a dry run, or when there is nothing to write. */
  readonly runId: string | null;
  readonly undoes: string;
  /** Records that get their values back, and records that the run had made and are archived. */
  readonly reverted: number;
  readonly archived: number;
  /** How much stays as it is, and the first of it. */
  readonly notUndone: number;
  readonly listed: readonly NotUndone[];
}

const PAGE = 1_000;
/** Of what stays as it is; the rest is counted. */
const LISTED = 1_000;

interface Tally {
  reverted: number;
  archived: number;
  notUndone: number;
  readonly listed: NotUndone[];
  readonly connections: Set<string>;
}

/** Takes the writes of a run back, where nobody has changed them since. It is a run itself, and can be undone. */
@Injectable()
export class UndoService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
  ) {}

  /** @throws RequestError for a run that is not there, or not over */
  async undo(
    runId: string,
    { by, dryRun }: { readonly by: string; readonly dryRun: boolean },
  ): Promise<Undone> {
    return this.database.transaction(async (tx) => {
      await needFinished(tx, runId);
      const directory = await this.connections.directory(tx);
      const undoRun = randomUUID();
      const tally: Tally = { reverted: 0, archived: 0, notUndone: 0, listed: [], connections: new Set() };
      if (!dryRun) await repository.insertUndoRun(tx, { id: undoRun, undoes: runId, by });
      let after: repository.Place | null = null;
      for (;;) {
        const page: readonly Written[] = await repository.writtenBy(tx, runId, { after, limit: PAGE });
        const writes = planPage(page, await recordsOf(tx, page), { directory, tally });
        if (!dryRun) await repository.addUndoIntents(tx, writes, undoRun);
        after = page.at(-1) ?? null;
        if (page.length < PAGE) break;
      }
      if (!dryRun) for (const id of [...tally.connections].sort()) await enqueuePush(tx, id);
      const { connections: _, ...counts } = tally;
      return { runId: dryRun ? null : undoRun, undoes: runId, ...counts };
    });
  }
}

async function recordsOf(
  tx: Transaction,
  page: readonly Written[],
): Promise<ReadonlyMap<string, StoredRecord>> {
  const found = await loadRecords(
    tx,
    page.flatMap((row) => row.recordId ?? []),
  );
  return new Map(found.map((record) => [record.id, record]));
}

function planPage(
  page: readonly Written[],
  records: ReadonlyMap<string, StoredRecord>,
  { directory, tally }: { readonly directory: ConnectionDirectory; readonly tally: Tally },
): UndoWrite[] {
  return page.flatMap((row): UndoWrite[] => {
    const { connectionId, object, externalId, goldenId, receipts, url } = row;
    const connection = directory.find(connectionId);
    const record = records.get(row.recordId ?? '');
    const live = record !== undefined && isLive(record) ? record : undefined;
    const entity = record?.entity ?? (connection && objectOf(connection, object)?.entity) ?? 'customer';
    const plan = planUndo({
      entity,
      receipts,
      fields: live?.fields ?? null,
      isWritable: writableIn(connection, object),
    });
    for (const { field, obstacle } of plan.kept) {
      tally.notUndone += 1;
      if (tally.listed.length < LISTED)
        tally.listed.push({
          connection: connection?.name ?? connectionId,
          object,
          externalId,
          field,
          obstacle,
          url,
          byHand: isGone(obstacle) ? (connection?.connector.bringBack ?? null) : null,
        });
    }
    const isReverted = Object.keys(plan.revert).length > 0;
    if (live === undefined || (!isReverted && !plan.archive)) return [];
    if (plan.archive) tally.archived += 1;
    else tally.reverted += 1;
    tally.connections.add(connectionId);
    const revert = plan.archive ? null : plan.revert;
    return [{ connectionId, object, entity, goldenId: live.goldenId ?? goldenId, recordId: live.id, revert }];
  });
}

function isGone(obstacle: UndoObstacle): boolean {
  return obstacle === 'archived' || obstacle === 'gone';
}

function writableIn(
  connection: ActiveConnection | undefined,
  object: string,
): (field: string | null) => boolean {
  const setup = connection && objectOf(connection, object);
  const isOpen =
    connection?.connector.push !== undefined &&
    connection.state !== 'removed' &&
    setup !== undefined &&
    canPush(setup);
  return (field) =>
    isOpen &&
    (field === null ||
      setup.mapping.some(
        (line) => line.field === field && (line.direction === 'push' || line.direction === 'both'),
      ));
}

async function needFinished(tx: Transaction, runId: string): Promise<void> {
  const run = isUuid(runId) ? await reportRun(tx, runId) : null;
  if (run === null) {
    throw new RequestError({
      kind: 'unknown',
      message: `There is no run ${runId.slice(0, 40)}.`,
      remedy: '`rapport runs` lists them.',
    });
  }
  if (run.state !== 'running' && run.state !== 'held') return;
  throw new RequestError({
    kind: 'conflict',
    message: `Run ${runId} is not over: it is ${run.state}.`,
    remedy: run.state === 'held' ? 'Reject it first.' : 'Wait until it has settled.',
  });
}
