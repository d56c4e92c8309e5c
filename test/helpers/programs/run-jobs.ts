/** A worker process on the database given that takes jobs named `note`, says so, and never finishes them. */
import { z } from 'zod';
import { defineJob } from '../../../src/platform/jobs/index.js';
import { quietRunner } from '../jobs.js';

const runner = quietRunner(process.argv[2] ?? '');
const note = defineJob({ name: 'note', payload: z.object({ id: z.string() }) });

runner.register(note, async ({ id }) => {
  process.stdout.write(`${JSON.stringify({ took: id })}\n`);
  await new Promise(() => undefined);
});
await runner.start();
process.stdout.write('{"ready":true}\n');
