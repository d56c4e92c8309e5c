/** Calls of the API: signed in, decoded, failures as the hub knows them. */
import { z } from 'zod';
import { TransportError, type HttpResponse } from '../../src/sdk/index.js';
import type { Context } from './config.js';
import { cutOff, failureOf, unexpected, unreachable } from './errors.js';

/** By this name the system tells our writes from others in its events. */
export const CLIENT = 'rapport';

const SESSION = 'session';
const sessionSchema = z.object({ token: z.string() });

/** A call that changes nothing, and so may be made again. */
export async function get<T>(ctx: Context, path: string, schema: z.ZodType<T>): Promise<T> {
  return parsed(await reading(ctx, { method: 'GET', path }), schema);
}

/** A question that is too long for an address. */
export async function ask<T>(ctx: Context, path: string, body: object, schema: z.ZodType<T>): Promise<T> {
  return parsed(await reading(ctx, { method: 'POST', path, body }), schema);
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  /** Calls that wait long take no place from others. */
  readonly bucket?: string;
  readonly timeoutMs?: number;
}

/** Whatever the answer is; a session that is over is renewed once. Throws TransportError when there is no answer. */
export async function call(ctx: Context, request: Call): Promise<HttpResponse> {
  const response = await send(ctx, request, await token(ctx));
  if (response.status !== 401) return response;
  // The system did nothing: the same call may be made once more.
  ctx.cache.delete(SESSION);
  return send(ctx, request, await token(ctx));
}

export function isOk({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

export function parsed<T>(response: HttpResponse, schema: z.ZodType<T>): T {
  const answer = schema.safeParse(jsonOf(response));
  if (!answer.success) throw unexpected(answer.error);
  return answer.data;
}

/** Half an answer, or a page that a gateway has put in its place: the next one may be whole. */
function jsonOf({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw cutOff(cause);
  }
}

async function reading(ctx: Context, request: Call): Promise<HttpResponse> {
  const response = await answered(ctx, request);
  if (isOk(response)) return response;
  throw failureOf(response, ctx.clock.now());
}

/** Whatever the answer is. That there is none may pass: for calls that may be made again. */
export async function answered(ctx: Context, request: Call): Promise<HttpResponse> {
  try {
    return await call(ctx, request);
  } catch (error) {
    if (error instanceof TransportError && error.code !== 'aborted') throw unreachable(error);
    throw error;
  }
}

/** Nothing of a record has gone out yet while this fails. */
async function token(ctx: Context): Promise<string> {
  const cached = ctx.cache.get(SESSION);
  if (typeof cached === 'string') return cached;
  const { apiKey } = ctx.credentials;
  let response: HttpResponse;
  try {
    response = await send(ctx, { method: 'POST', path: '/session', body: { apiKey } });
  } catch (error) {
    if (error instanceof TransportError && error.code !== 'aborted') throw unreachable(error);
    throw error;
  }
  if (!isOk(response)) throw failureOf(response, ctx.clock.now());
  const made = parsed(response, sessionSchema).token;
  ctx.cache.set(SESSION, made);
  return made;
}

async function send(
  ctx: Context,
  { method, path, body, ...how }: Call,
  session?: string,
): Promise<HttpResponse> {
  return ctx.http.send({
    ...how,
    method,
    url: ctx.settings.baseUrl.replace(/\/$/, '') + path,
    headers: {
      'content-type': 'application/json',
      'x-client': CLIENT,
      ...(session !== undefined && { authorization: `Bearer ${session}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
