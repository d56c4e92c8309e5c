import { createLogger } from '../../src/platform/telemetry/logger.js';
import { JobRunner } from '../../src/platform/jobs/index.js';

/** A runner on a test's database that keeps quiet. */
export function quietRunner(url: string, concurrency = 4): JobRunner {
  return new JobRunner({ url, logger: createLogger({ level: 'silent' }), concurrency });
}
