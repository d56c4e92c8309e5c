import type { CustomerDetail } from '../../src/customers/detail.js';
import type { HistoryLine } from '../../src/customers/history.js';
import type { RecordView } from '../../src/customers/record-view.js';
import type { IssueView } from '../../src/issues/issue-list.repository.js';
import type { Crm, HeldRecord } from '../crm/crm.js';
import type { HubApi } from '../processes/api.js';
import type { Played } from '../plan/steps.js';

export interface Golden extends CustomerDetail {
  readonly entity: Played;
  readonly history: readonly HistoryLine[];
}

export interface System {
  readonly name: string;
  readonly fields: Crm['fields'];
  readonly records: readonly HeldRecord[];
}

/** Both sides at rest: what the CRMs hold, and what the hub says of it. */
export interface Snapshot {
  readonly systems: readonly System[];
  readonly golden: readonly Golden[];
  readonly issues: readonly IssueView[];
}

/** What is not as it should be: names, ids and values, for whoever looks into it. */
export interface Violation {
  readonly check: string;
  readonly what: string;
}

const ENTITIES: readonly Played[] = ['account', 'customer'];

export async function takeSnapshot(crms: readonly Crm[], api: HubApi): Promise<Snapshot> {
  const systems = await Promise.all(
    crms.map(async (crm): Promise<System> => {
      const records = await Promise.all(ENTITIES.map((entity) => crm.records(entity)));
      return { name: crm.name, fields: crm.fields, records: records.flat() };
    }),
  );
  const golden: Golden[] = [];
  for (const entity of ENTITIES) {
    for (const detail of await api.golden(entity)) {
      const entries = await api.history(entity, detail.id);
      golden.push({ ...detail, entity, history: entries.flatMap(({ changes }) => changes) });
    }
  }
  return { systems, golden, issues: (await api.issues()).filter(({ state }) => state === 'open') };
}

/** The golden record behind a record, and the hub's view of that record. */
export interface Behind {
  readonly golden: Golden;
  readonly record: RecordView;
}

export function indexRecords({ golden }: Snapshot): ReadonlyMap<string, Behind> {
  return new Map(
    golden.flatMap((one) =>
      one.records.map((record) => [
        placeOf({ system: record.connection, entity: one.entity, id: record.externalId }),
        { golden: one, record },
      ]),
    ),
  );
}

export function placeOf(at: {
  readonly system: string;
  readonly entity: Played;
  readonly id: string;
}): string {
  return `${at.system} ${at.entity} ${at.id}`;
}
