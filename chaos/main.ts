/** `npm run chaos`: see docs/chaos.md. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { OtherCounterparts } from './crm/counterparts.js';
import { Sandboxes } from './crm/sandboxes.js';
import { readOptions } from './options.js';
import { Postgres } from './processes/postgres.js';
import { describeOutcome } from './report.js';
import { runSeed } from './run.js';

const options = readOptions(process.argv.slice(2));
const home = mkdtempSync(join(tmpdir(), 'rapport-chaos-'));
// The database server may run as another user, who has to get through.
chmodSync(home, 0o755);
const counterparts =
  options.counterparts === undefined ? new Sandboxes() : new OtherCounterparts(resolve(options.counterparts));
const starting = Postgres.start(home);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void starting.then((started) => started.stop()).finally(() => process.exit(1));
  });
}
const postgres = await starting;
let failed = 0;
try {
  for (let seed = options.seed; seed < options.seed + options.runs; seed += 1) {
    const outcome = await runSeed(seed, { postgres, counterparts, home });
    process.stdout.write(`${describeOutcome(outcome, options.counterparts)}\n`);
    if (outcome.violations.length > 0) failed += 1;
    else rmSync(outcome.folder, { recursive: true, force: true });
  }
} finally {
  await counterparts.close();
  await postgres.stop();
}
if (failed === 0) rmSync(home, { recursive: true, force: true });
process.stdout.write(`${String(options.runs - failed)} passed, ${String(failed)} failed\n`);
if (failed > 0) process.exitCode = 1;
