export { enqueue, enqueueAll, type EnqueueOptions } from './enqueue.js';
export { defineJob, HAND_BACK, type JobContext, type JobDefinition, type JobHandler } from './job.js';
export { JobsModule } from './jobs.module.js';
export { JobRunner, type JobRunnerOptions } from './runner.js';
