/** A push: creates, updates and archives of one object, each with an outcome of its own. */
import type {
  ArchiveOperation,
  CreateOperation,
  PushOutcome,
  PushRequest,
  UpdateOperation,
} from '../../src/sdk/index.js';
import { pushArchives } from './archives.js';
import type { Run } from './batch-write.js';
import type { HubSpotContext } from './config.js';
import { pushCreates } from './creates.js';
import { openSession } from './session.js';
import { pushUpdates } from './updates.js';

/** Throws only when HubSpot has taken nothing: then no operation can have been applied. */
export async function push(ctx: HubSpotContext, request: PushRequest): Promise<readonly PushOutcome[]> {
  const creates: CreateOperation[] = [];
  const updates: UpdateOperation[] = [];
  const archives: ArchiveOperation[] = [];
  for (const operation of request.operations) {
    if (operation.kind === 'create') creates.push(operation);
    else if (operation.kind === 'update') updates.push(operation);
    else archives.push(operation);
  }
  const sent = [...creates, ...updates].flatMap((operation) => Object.keys(operation.values));
  const session = await openSession(ctx, request.object, [...request.properties, ...sent]);
  const run: Run = { applied: false, fatal: undefined };
  const outcomes = [
    ...(await pushUpdates(session, run, updates)),
    ...(await pushCreates(session, run, creates)),
    ...(await pushArchives(session, run, archives)),
  ];
  if (run.fatal !== undefined && !run.applied) throw run.fatal;
  return outcomes;
}
