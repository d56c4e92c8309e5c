/** Reading by id, in queries whose ids fit a URL. An id that is nowhere in the answer is gone for good. */
import type { ReadRequest, ReadResult } from '../../src/sdk/index.js';
import { inParallel } from './api/parallel.js';
import { openClient, type SalesforceClient } from './client.js';
import { columnsFor } from './records/describe.js';
import { toHubError } from './errors.js';
import { fullId } from './api/ids.js';
import { sobjectOf } from './objects.js';
import { decodePage } from './records/decode-page.js';
import { selectOf } from './records/select.js';
import type { Context } from './session/session.js';
import { queriesIn } from './api/soql.js';

const PARALLEL = 5;

export async function read(ctx: Context, request: ReadRequest): Promise<ReadResult> {
  try {
    return await readIds(await openClient(ctx), request);
  } catch (error) {
    throw toHubError(error, ctx.clock.now());
  }
}

async function readIds(client: SalesforceClient, request: ReadRequest): Promise<ReadResult> {
  const target = sobjectOf(request.object);
  const readAt = client.ctx.clock.now();
  const columns = await columnsFor(client, target.type, request.properties);
  const select = await selectOf(client, target, columns);
  // One malformed id would have the whole query refused.
  const ids = request.ids.flatMap((id) => fullId(id) ?? []);
  const queries = queriesIn(select, (list) => `Id IN (${list})`, ids);
  const answers = await inParallel(PARALLEL, queries, (soql) => client.queryRows(soql, { all: true }));
  return {
    ...(await decodePage(client, answers.flat(), { target, columns, properties: request.properties })),
    readAt,
  };
}
