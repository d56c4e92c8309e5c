import { ConnectionsService } from '../connections/connections.service.js';
import { Database } from '../platform/database/index.js';
import type { FieldMapping } from '../sdk/index.js';
import { links, openIssues, type Issue } from './findings.repository.js';
import type { DemoHub } from './hub.js';
import { prove, type Proof, type ProofRecord } from './proof.js';
import type { Stage } from './stage.js';

export interface Judgement {
  readonly proof: Proof;
  readonly issues: readonly Issue[];
  readonly records: readonly ProofRecord[];
}

/** Reads both stores, asks the hub what belongs together and what it could not do, and compares. */
export async function judge(hub: DemoHub, stage: Stage): Promise<Judgement> {
  const db = hub.get(Database);
  const issues = await openIssues(db);
  const goldenOf = new Map(
    (await links(db)).map(({ connection, object, externalId, goldenId }) => [
      `${connection} ${object} ${externalId}`,
      goldenId,
    ]),
  );
  const mappings = await mappingsInForce(hub);
  const records = stage.systems.flatMap((system) =>
    (['account', 'customer', 'deal'] as const).flatMap((entity) =>
      system.records(entity).map(({ id, object, values }): ProofRecord => ({
        connection: system.connection,
        object,
        id,
        entity,
        goldenId: goldenOf.get(`${system.connection} ${object} ${id}`),
        values,
        mapping: mappings.get(`${system.connection} ${object}`) ?? [],
      })),
    ),
  );
  const connections = stage.systems.map(({ connection }) => connection);
  return { proof: prove({ records, connections, issues }), issues, records };
}

async function mappingsInForce(hub: DemoHub): Promise<ReadonlyMap<string, readonly FieldMapping[]>> {
  const directory = await hub.get(ConnectionsService).directory();
  return new Map(
    directory.external.flatMap((connection) =>
      connection.objects.map((setup) => [`${connection.name} ${setup.object}`, setup.mapping] as const),
    ),
  );
}
