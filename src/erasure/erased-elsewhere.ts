import { Injectable } from '@nestjs/common';
import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import { reportIssues, type IssueReport } from '../issues/issue.repository.js';
import { Database, rows, sql } from '../platform/database/index.js';
import { ErasureService } from './erasure.service.js';

/** A system says that it has erased a person: everywhere else as well, or a person is asked, as it is configured. */
@Injectable()
export class ErasedElsewhere {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasureService,
  ) {}

  /** Doing it again does no harm: whom the hub knows no more is left alone. */
  async hear(
    connection: ActiveConnection,
    setup: ObjectSetup,
    externalIds: readonly string[],
  ): Promise<void> {
    if (externalIds.length === 0 || setup.entity !== 'customer') return;
    const known = await rows<{ goldenId: string }>(
      this.database,
      sql`select distinct golden_id::text as "goldenId" from source_record
        where connection_id = ${connection.id}::uuid and object = ${setup.object}
          and external_id = any(${externalIds}::text[]) and golden_id is not null`,
    );
    if (setup.policy.onErased === 'erase') {
      for (const { goldenId } of known)
        await this.erasures.erase({ id: goldenId, by: connection.name, trigger: 'webhook' });
      return;
    }
    await this.database.transaction((tx) =>
      reportIssues(
        tx,
        known.map(({ goldenId }) => questionOf(connection, setup, goldenId)),
      ),
    );
  }
}

function questionOf(connection: ActiveConnection, setup: ObjectSetup, goldenId: string): IssueReport {
  return {
    connectionId: connection.id,
    object: setup.object,
    externalId: null,
    recordId: null,
    goldenId,
    operation: 'read',
    code: 'ERASED_IN_SYSTEM',
    severity: 'error',
    field: null,
    valueKind: null,
    valueLength: null,
    refused: null,
    message: `${connection.name} has erased this person for the sake of their privacy; the hub and other systems still hold them.`,
    remedy: `Run \`rapport erase ${goldenId}\` to erase them everywhere, or skip this issue. With \`onErased: erase\` for ${connection.name} it is done by itself.`,
    detail: null,
    nextTryAt: null,
  };
}
