import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordsAgree } from './checks/agree.js';
import { noDuplicates } from './checks/duplicates.js';
import { issuesExplained } from './checks/issues.js';
import { nothingLost } from './checks/nothing-lost.js';
import { takeSnapshot, type Snapshot, type Violation } from './checks/snapshot.js';
import type { Crm } from './crm/crm.js';
import type { Counterparts } from './crm/sandboxes.js';
import { perform, type Stage } from './perform.js';
import { makePlan, type Plan } from './plan/plan.js';
import { configurationOf, seedSystems } from './prepare.js';
import { HubApi } from './processes/api.js';
import { Hub } from './processes/hub.js';
import type { Postgres } from './processes/postgres.js';
import { syncOnceUp, Tables } from './settle.js';
import { World } from './world.js';

/** What a run needs that outlives it. */
export interface Theatre {
  readonly postgres: Postgres;
  readonly counterparts: Counterparts;
  /** A run's logs go into a folder of its own below. */
  readonly home: string;
}

export interface Outcome {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  readonly seconds: number;
  /** Logs, the configuration, and the story. */
  readonly folder: string;
}

/** Until everything has come to rest after the last fault, ms. */
const PATIENCE_MS = 90_000;

/** One seed, from empty CRMs to the last check. */
export async function runSeed(seed: number, theatre: Theatre): Promise<Outcome> {
  const startedAt = Date.now();
  const plan = makePlan(seed);
  const folder = join(theatre.home, `seed-${String(seed)}`);
  mkdirSync(folder, { recursive: true });
  const database = `chaos_${String(seed)}`;
  const databaseUrl = await theatre.postgres.createDatabase(database);
  const crms = await theatre.counterparts.open(plan.systems);
  const world = new World(plan);
  const hub = await Hub.open({ folder, databaseUrl });
  const violations: Violation[] = [];
  try {
    await seedSystems(plan, crms, world);
    await hub.apply(await configurationOf(plan, crms));
    await hub.start();
    const api = new HubApi(hub.url, await hub.firstKey());
    const stage = { plan, crms, world, hub, api, postgres: theatre.postgres };
    await turmoil(stage);
    violations.push(...(await atRest(stage, new Tables(databaseUrl))));
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    violations.push({ check: 'the run itself', what });
  }
  const ends = [...hub.collapses, ...(await hub.stop())];
  violations.push(...ends.map((what) => ({ check: 'processes live and end well', what })));
  if (violations.length === 0) await theatre.postgres.dropDatabase(database);
  writeFileSync(join(folder, 'story.txt'), `${world.story.join('\n')}\n`);
  return { plan, violations, seconds: (Date.now() - startedAt) / 1000, folder };
}

/** People work and things break; the first sync begins with the first of it. */
async function turmoil(stage: Stage): Promise<void> {
  const { crms, hub, api } = stage;
  for (const crm of crms) await crm.sendWebhooks(hub.url);
  const first = await syncOnceUp(api);
  let acquainted = false;
  const watch = setInterval(() => {
    void api.run(first).then(
      ({ state }) => {
        acquainted ||= state === 'settled';
      },
      () => undefined,
    );
  }, 200);
  await perform(stage, () => acquainted);
  clearInterval(watch);
}

async function atRest(stage: Stage, tables: Tables): Promise<readonly Violation[]> {
  const { crms, world, hub, api } = stage;
  await hub.ready();
  for (const crm of crms) await crm.calmDown();
  world.tell('all faults are over');
  await syncOnceUp(api);
  const restless = await stuck(stage, tables);
  if (restless.length > 0) return restless;
  world.tell('at rest');
  const snapshot = await takeSnapshot(crms, api);
  return [...compare(snapshot, world), ...(await nextSync(stage, tables))];
}

function compare(snapshot: Snapshot, world: World): readonly Violation[] {
  return [
    ...recordsAgree(snapshot),
    ...noDuplicates(snapshot, world),
    ...nothingLost(snapshot, world),
    ...issuesExplained(snapshot, world),
  ];
}

/** A sync when all is quiet asks, and writes nothing. */
async function nextSync(stage: Stage, tables: Tables): Promise<readonly Violation[]> {
  const { crms, api, world } = stage;
  const before = await writesOf(crms);
  await api.sync();
  const restless = await stuck(stage, tables);
  const after = await writesOf(crms);
  world.tell('synced once more');
  const writes = crms.flatMap((crm) =>
    (after.get(crm) ?? []).slice(before.get(crm)?.length).map((call) => `${crm.name}: ${call}`),
  );
  return [...restless, ...writes.map((what) => ({ check: 'the next sync writes nothing', what }))];
}

async function writesOf(crms: readonly Crm[]): Promise<ReadonlyMap<Crm, readonly string[]>> {
  return new Map(await Promise.all(crms.map(async (crm) => [crm, await crm.writes()] as const)));
}

/** Waits until no job, no write and no event is left. */
async function stuck({ world }: Stage, tables: Tables): Promise<readonly Violation[]> {
  const left = await tables.rest(PATIENCE_MS, (line) => {
    world.tell(line);
  });
  if (Object.values(left).every((count) => count === 0)) return [];
  const details = await tables.details();
  return [JSON.stringify(left), ...details].map((what) => ({ check: 'no job is stuck', what }));
}
