/** The tour: before, sync, after, proof, one edit, and quiet. */
import { Database } from '../platform/database/index.js';
import { configurationText } from './configuration.js';
import { editAndWait, type Arrival } from './edit.js';
import { explainedConflicts } from './explain.js';
import { candidateCount, conflicts } from './findings.repository.js';
import type { DemoHub } from './hub.js';
import { judge } from './judge.js';
import {
  joinsOf,
  showCalls,
  showChange,
  showConflicts,
  showIssues,
  showJoins,
  type SystemChange,
} from './report.js';
import { count, type Screen } from './screen.js';
import { snapshot } from './snapshot.js';
import { sendWebhooks, type Stage } from './stage.js';
import { syncAll } from './sync.js';
import { showProof } from './verdict.js';

export interface Tour {
  readonly arrival: Arrival;
  /** What kept the systems from agreeing, or the second sync from being quiet. */
  readonly failures: readonly string[];
}

export async function tour(hub: DemoHub, stage: Stage, screen: Screen): Promise<Tour> {
  const { systems } = stage;
  const db = hub.get(Database);
  const titles = new Map(systems.map(({ connection, title }) => [connection, title]));
  const failures: string[] = [];

  const addresses = { salesforce: stage.salesforce.url, hubspot: stage.hubSpot.url };
  const file = await hub.configure(configurationText(addresses), stage.secrets);
  sendWebhooks(stage, hub.url);
  screen.line(`  configuration  ${file}`);
  screen.line(`  log            ${hub.logFile}`);

  screen.heading('First sync');
  const before = systems.map((system) => ({ system, before: snapshot(system) }));
  const { report, seconds } = await syncAll(hub, screen);
  const changes: readonly SystemChange[] = before.map((one) => ({ ...one, after: snapshot(one.system) }));
  screen.line(`  done in ${seconds.toFixed(1)} s`);

  screen.heading('Before and now');
  showChange(screen, changes);

  screen.heading('Who is who');
  const { proof, issues, records } = await judge(hub, stage);
  showJoins(screen, joinsOf(records, changes), { changes, candidates: await candidateCount(db) });

  const decided = await conflicts(db, report.id);
  screen.heading(`Conflicts decided: ${count(decided.length, 'field')}, by rule`);
  showConflicts(screen, decided, await explainedConflicts(hub, decided, titles));

  screen.heading('Sync issues: what a person should look at');
  showIssues(screen, issues, titles);

  screen.heading('API calls');
  showCalls(screen, systems, report);

  screen.heading('Proof of agreement: read from both systems themselves');
  showProof(screen, proof, titles);
  if (!proof.agreed) failures.push('The two systems do not agree, and the hub does not say why.');

  screen.heading('A person changes a phone in HubSpot');
  const arrival = await editAndWait(stage, records);
  screen.line(`  ${arrival.who}: "${arrival.before}" becomes "${arrival.after}" in HubSpot.`);
  screen.line(`  It stood in Salesforce ${arrival.milliseconds.toFixed(0)} ms later, by webhook.`);

  screen.heading('Second sync');
  const writes = systems.map(written);
  await syncAll(hub, screen);
  const more = systems.map((system, index) => written(system) - (writes[index] ?? 0));
  const sum = more.reduce((total, one) => total + one, 0);
  screen.line(
    sum === 0
      ? '  quiet: not one write to either system.'
      : `  NOT QUIET: ${count(sum, 'write')} to systems that agreed.`,
  );
  if (sum > 0) failures.push('The second sync wrote although nothing had changed.');
  return { arrival, failures };
}

function written(system: Stage['systems'][number]): number {
  return system.calls().filter((call) => call.writes).length;
}
