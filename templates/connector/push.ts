/** Writing, one call a record: a system with batches would get them here. */
import { z } from 'zod';
import {
  ConnectorError,
  TransportError,
  type HttpResponse,
  type PushOperation,
  type PushOutcome,
  type PushRequest,
} from '../../src/sdk/index.js';
import { call, isOk, parsed, type Call } from './client.js';
import type { Context } from './config.js';
import { failureOf } from './errors.js';
import { encodeValues, recordOf, rowSchema } from './record.js';

const refusedSchema = z.object({ property: z.string(), reason: z.string() });
const takenSchema = z.object({ property: z.string(), existingId: z.string() });
const goneSchema = z.object({ mergedInto: z.string().nullable() });

export async function push(ctx: Context, request: PushRequest): Promise<readonly PushOutcome[]> {
  const outcomes: PushOutcome[] = [];
  for (const operation of request.operations) {
    try {
      outcomes.push(await pushOne(ctx, operation, request));
    } catch (error) {
      // Throwing says that nothing was sent: only the first may. Once some were, the rest is left for another time.
      if (outcomes.length === 0 || !(error instanceof ConnectorError)) throw error;
      outcomes.push(retry(operation.key, error));
    }
  }
  return outcomes;
}

async function pushOne(ctx: Context, operation: PushOperation, request: PushRequest): Promise<PushOutcome> {
  const { key } = operation;
  let response: HttpResponse;
  try {
    response = await call(ctx, callFor(operation, request.object));
  } catch (error) {
    if (!(error instanceof TransportError) || error.code === 'aborted') throw error;
    if (error.sent) return { key, status: 'unknown', message: 'No answer came.' };
    return { key, status: 'retry', code: 'NOT_SENT', message: 'Example CRM cannot be reached.' };
  }
  return outcomeOf(ctx, { operation, request, response });
}

/** New records are made by upsert on the hub's id, so that a lost answer can never make a second one. */
function callFor(operation: PushOperation, object: string): Call {
  switch (operation.kind) {
    case 'create': {
      const path = `/${object}/by-ref/${encodeURIComponent(operation.hubId)}`;
      // One that may have been made is only looked up.
      if (operation.uncertainSince !== undefined) return { method: 'GET', path };
      return { method: 'PUT', path, body: { values: encodeValues(operation.values) } };
    }
    case 'update':
      return {
        method: 'PATCH',
        path: `/${object}/${operation.id}`,
        body: { values: encodeValues(operation.values) },
      };
    case 'archive':
      return { method: 'DELETE', path: `/${object}/${operation.id}` };
  }
}

interface Answered {
  readonly operation: PushOperation;
  readonly request: PushRequest;
  readonly response: HttpResponse;
}

function outcomeOf(ctx: Context, { operation, request, response }: Answered): PushOutcome {
  const { key } = operation;
  const { status } = response;
  if (isOk(response)) {
    if (operation.kind === 'archive') return { key, status: 'stored', id: operation.id, values: {} };
    const asked = [...new Set([...request.properties, ...Object.keys(operation.values)])];
    const { id, values, modifiedAt } = recordOf(parsed(response, rowSchema), asked);
    const found = operation.kind === 'create' && operation.uncertainSince !== undefined;
    return { key, status: 'stored', id, values, modifiedAt, ...(found && { found }) };
  }
  if (status === 404) return { key, status: 'gone' };
  if (status === 410) {
    const { mergedInto } = parsed(response, goneSchema);
    return { key, status: 'gone', ...(mergedInto !== null && { mergedInto }) };
  }
  if (status === 409) return taken(key, response);
  if (status === 422) return refused(key, response);
  // It may have been carried out before it failed.
  if (status >= 500) return { key, status: 'unknown', message: 'Example CRM failed.' };
  throw failureOf(response, ctx.clock.now());
}

function taken(key: string, response: HttpResponse): PushOutcome {
  const { property, existingId } = parsed(response, takenSchema);
  const message = `Another record has the same ${property}.`;
  const remedy = 'Merge the two in Example CRM, or correct one of them.';
  return { key, status: 'conflict', existingId, property, message, remedy };
}

function refused(key: string, response: HttpResponse): PushOutcome {
  const { property, reason } = parsed(response, refusedSchema);
  const message = `Example CRM does not take the value of ${property}.`;
  const rejection = {
    code: 'REFUSED_VALUE',
    property,
    message,
    remedy: 'Correct the value.',
    detail: reason,
  };
  return { key, status: 'rejected', rejections: [rejection] };
}

function retry(key: string, { code, message, retryAt }: ConnectorError): PushOutcome {
  return { key, status: 'retry', code, message, ...(retryAt !== undefined && { retryAt }) };
}
