/** First pull into an empty hub: every record stored, matched and resolved. Nothing is written anywhere. */
import { setTimeout as pause } from 'node:timers/promises';
import { Hub } from '../support/hub.js';
import type { BenchDatabase, Postgres, Statement } from '../support/postgres.js';
import { Sandbox, type Vendor } from '../support/sandbox.js';
import { upsertReference } from './upsert-reference.js';

export interface FirstPullOptions {
  readonly vendor: Vendor;
  readonly records: number;
  /** Folder for a CPU profile of the hub. */
  readonly profileTo?: string | undefined;
}

export interface FirstPull {
  readonly vendor: Vendor;
  readonly records: number;
  readonly seconds: number;
  /** Seconds of the plain upsert of the same rows. */
  readonly referenceSeconds: number;
  /** Processor time, µs a record. */
  readonly cpu: { readonly hub: number; readonly postgres: number; readonly sandbox: number };
  readonly peakMemoryMiB: number;
  readonly calls: number;
  /** Every statement, dearest first; begin and commit among them. */
  readonly all: readonly Statement[];
}

const LOOK_MS = 25;

export async function firstPull(postgres: Postgres, options: FirstPullOptions): Promise<FirstPull> {
  const { vendor, records } = options;
  const sandbox = await Sandbox.start(vendor, records);
  const database = await (await postgres.createDatabase(`first_pull_${vendor}_${String(records)}`)).open();
  const hub = await Hub.start({
    databaseUrl: database.url,
    configuration: { connections: [sandbox.connection({ policy: { direction: 'pull', create: false } })] },
    profileTo: options.profileTo,
  });
  try {
    const referenceSeconds = await upsertReference(database, records);
    await database.resetStatements();
    const cpu = (): Cpu => ({ hub: hub.cpuMs(), postgres: postgres.cpuMs(), sandbox: sandbox.cpuMs() });
    const before = cpu();
    const started = performance.now();
    const runId = await hub.sync();
    await resolved(database, runId);
    const seconds = (performance.now() - started) / 1000;
    const after = cpu();
    const statements = await database.statements();
    await checkAll(database, records);
    return {
      vendor,
      records,
      seconds,
      referenceSeconds,
      cpu: {
        hub: ((after.hub - before.hub) * 1000) / records,
        postgres: ((after.postgres - before.postgres) * 1000) / records,
        sandbox: ((after.sandbox - before.sandbox) * 1000) / records,
      },
      peakMemoryMiB: hub.peakMemoryMiB(),
      calls: await callsOf(database, runId),
      all: statements,
    };
  } finally {
    await hub.stop();
    await database.close();
    await sandbox.stop();
  }
}

type Cpu = FirstPull['cpu'];

/** Read to the end, and nothing left to resolve. */
async function resolved({ client }: BenchDatabase, runId: string): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ busy: boolean; problem: object | null }>(
      `/* bench: */ select p.state not in ('pulled', 'failed') or exists (select from resolve_task) as busy, p.problem
         from run_part p where p.run_id = $1 order by 1 desc`,
      [runId],
    );
    const failed = rows.find((row) => row.problem !== null);
    if (failed !== undefined) throw new Error(JSON.stringify(failed.problem));
    if (rows.length > 0 && !rows.some((row) => row.busy)) return;
    await pause(LOOK_MS);
  }
}

async function checkAll({ client }: BenchDatabase, records: number): Promise<void> {
  const { rows } = await client.query<{ linked: number; golden: number }>(
    `/* bench: */ select (select count(*) from source_record where golden_id is not null)::int as linked,
            (select count(*) from golden)::int as golden`,
  );
  if (rows[0]?.linked !== records || rows[0].golden !== records)
    throw new Error(`Of ${String(records)} records the hub has ${JSON.stringify(rows[0])}.`);
}

async function callsOf({ client }: BenchDatabase, runId: string): Promise<number> {
  const { rows } = await client.query<{ calls: number }>(
    '/* bench: */ select coalesce(sum(calls), 0)::int as calls from run_count where run_id = $1',
    [runId],
  );
  return rows[0]?.calls ?? 0;
}
