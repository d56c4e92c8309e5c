/** `npm run demo`: two CRMs that disagree, and the hub that makes them agree. */
import { DemoError, startHub, type DemoHub } from './hub.js';
import { invite } from './invitation.js';
import { DemoUsage, readOptions, USAGE, type DemoOptions } from './options.js';
import { tour } from './scenario.js';
import { count, createScreen, type Screen } from './screen.js';
import { setStage, type Stage } from './stage.js';

const FAILED = 1;
const MISUSED = 2;
const STOPPED = 130;

async function main(): Promise<number> {
  const screen = createScreen(process.stdout);
  if (process.argv.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const options = readOptions(process.argv.slice(2), process.env);
  screen.heading('Rapport: two CRMs, one truth');
  const stage = await setStage(options.people);
  screen.line(
    `  ${count(stage.world.people, 'invented person', 'invented people')} and ${count(stage.world.companies.length, 'company', 'companies')} in two sandboxes; some 60 % stand in both, written differently.`,
  );
  screen.line(`  Salesforce     ${stage.salesforce.url}`);
  screen.line(`  HubSpot        ${stage.hubSpot.url}`);
  let hub: DemoHub | undefined;
  let code = FAILED;
  try {
    hub = await startHub();
    screen.line(`  Rapport        ${hub.url}`);
    code = await play(hub, stage, { options, screen });
    return code;
  } finally {
    await hub?.close();
    await stage.close();
    // What went wrong can still be read in the log there.
    if (code !== FAILED) hub?.forget();
  }
}

async function play(
  hub: DemoHub,
  stage: Stage,
  { options, screen }: { readonly options: DemoOptions; readonly screen: Screen },
): Promise<number> {
  const stop = Promise.withResolvers<unknown>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop.resolve);
  const told = await Promise.race([tour(hub, stage, screen), stop.promise.then(() => undefined)]);
  if (told === undefined) return STOPPED;
  if (told.failures.length > 0) {
    for (const failure of told.failures) process.stderr.write(`\nThe demo has failed: ${failure}\n`);
    process.stderr.write(`See the log in ${hub.logFile}.\n`);
    return FAILED;
  }
  if (options.once) {
    screen.line();
    return 0;
  }
  await invite(hub, stage, { arrival: told.arrival, screen });
  await stop.promise;
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof DemoUsage) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exitCode = MISUSED;
  } else {
    const said = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\nThe demo has failed: ${said}\n`);
    if (!(error instanceof DemoError) && error instanceof Error)
      process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = FAILED;
  }
}
