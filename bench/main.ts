/** `npm run bench`: what the hub does in a second, beside what the machine can do. */
import { parseArgs } from 'node:util';
import { firstPull } from './cases/first-pull.js';
import { Postgres } from './support/postgres.js';
import type { Vendor } from './support/sandbox.js';

const { values } = parseArgs({
  options: {
    vendor: { type: 'string', default: 'salesforce' },
    records: { type: 'string', default: '10000' },
    profile: { type: 'string' },
    statements: { type: 'boolean', default: false },
  },
});

const postgres = await Postgres.start();
try {
  const found = await firstPull(postgres, {
    vendor: values.vendor as Vendor,
    records: Number(values.records),
    profileTo: values.profile,
  });
  const { dearest, ...figures } = found;
  const rate = found.records / found.seconds;
  const reference = found.records / found.referenceSeconds;
  process.stdout.write(
    `${JSON.stringify({ ...figures, perSecond: Math.round(rate), referencePerSecond: Math.round(reference), share: rate / reference }, null, 1)}\n`,
  );
  if (values.statements)
    for (const { query, calls, ms } of dearest)
      process.stdout.write(
        `${String(calls).padStart(6)} ${ms.toFixed(1).padStart(9)} ms ${query.replace(/\s+/g, ' ').slice(0, 150)}\n`,
      );
} finally {
  await postgres.stop();
}
