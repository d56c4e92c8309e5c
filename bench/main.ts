/** `npm run bench`: what the hub does in a second, beside what the machine can do. See docs/performance.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../src/platform/package-root.js';
import type { Bench } from './bench.js';
import { CASES } from './cases/index.js';
import { isMet, tableOf, type Figure } from './figures.js';
import { readOptions } from './options.js';
import { Postgres } from './support/postgres.js';

const options = readOptions(process.argv.slice(2));
const startedAt = new Date();
const file =
  options.json ??
  join(packageRoot(), 'bench', 'results', `${startedAt.toISOString().replace(/[:.]/g, '-')}.json`);
const starting = Postgres.start();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void starting.then((started) => started.stop()).finally(() => process.exit(1));
  });
}
const postgres = await starting;
const figures: (Figure & { readonly case: string })[] = [];
try {
  const bench: Bench = {
    ...options,
    postgres,
    tell: (line) => process.stderr.write(`${line}\n`),
  };
  for (const name of options.case)
    figures.push(...(await CASES[name](bench)).map((figure) => ({ case: name, ...figure })));
} finally {
  await postgres.stop();
}
const machine = {
  processors: availableParallelism(),
  model: cpus()[0]?.model,
  memoryMiB: Math.round(totalmem() / 2 ** 20),
  node: process.version,
};
mkdirSync(dirname(file), { recursive: true });
const results = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
writeFileSync(file, `${JSON.stringify({ startedAt, machine, figures: results }, null, 2)}\n`);
process.stdout.write(`${tableOf(figures)}\n\nIn JSON: ${file}\n`);
