/** HTTP: reads a call, has it answered, and lets faults strike. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from './answers.js';
import { controlCall, type Control, type LoggedCall } from './control.js';
import type { Fault, Faults } from './faults.js';
import type { Limits } from './limits.js';
import { answer, type Portal } from './portal.js';
import type { ApiAnswer, ApiRequest } from './request.js';

interface Parts {
  readonly portal: Portal;
  readonly limits: Limits;
  readonly faults: Faults;
  readonly calls: LoggedCall[];
  readonly control: Control;
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function createApiServer(parts: Parts): Server {
  return createServer((incoming, outgoing) => {
    outgoing.sendDate = false;
    outgoing.setHeader('Date', new Date(parts.portal.store.now()).toUTCString());
    void readAll(incoming)
      .then((raw) => serve(parts, requestOf(incoming, raw), outgoing))
      .catch((error: unknown) => {
        send(
          outgoing,
          json(500, { status: 'error', message: error instanceof Error ? error.message : 'failed' }),
        );
      });
  });
}

async function serve(parts: Parts, request: ApiRequest, outgoing: ServerResponse): Promise<void> {
  outgoing.sendDate = false;
  outgoing.setHeader('Date', new Date(parts.portal.store.now()).toUTCString());
  if (request.parts[0] === '__control') {
    const args = Array.isArray(request.body) ? (request.body as readonly unknown[]) : [];
    send(outgoing, json(200, await controlCall(parts.control, request.parts[1] ?? '', args)));
    return;
  }
  const fault = parts.faults.pick(request);
  if (fault?.kind === 'reset') {
    log(parts, request, 0);
    outgoing.destroy();
    return;
  }
  const reply = fault?.kind === 'status' ? faultReply(fault) : replyTo(parts, request);
  log(parts, request, reply.status);
  if (fault?.kind === 'slow') await pause(fault.ms ?? 0);
  strike(outgoing, reply, fault);
}

function replyTo({ portal, limits }: Parts, request: ApiRequest): Reply {
  let headers: Readonly<Record<string, string>> = {};
  try {
    if (request.path === '/oauth/v1/token' && request.method === 'POST')
      return rendered(portal.tokens.grant(request), {});
    portal.tokens.check(request.authorization);
    headers = limits.take(request.path.endsWith('/search'), portal.tokens.isPublicApp(request.authorization));
    return rendered(answer(portal, request), headers);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const body = { status: 'error', correlationId: 'sandbox', ...error.body };
    return { ...json(error.status, body), headers: { ...json(0, {}).headers, ...headers, ...error.headers } };
  }
}

/** The call was answered, and applied; some faults keep that from the caller. */
function strike(outgoing: ServerResponse, reply: Reply, fault: Fault | undefined): void {
  switch (fault?.kind) {
    case 'lost-answer':
      outgoing.destroy();
      return;
    case 'malformed':
      send(outgoing, { ...reply, text: reply.text.slice(0, Math.floor(reply.text.length / 2)) });
      return;
    case 'reset-mid-body':
      outgoing.writeHead(reply.status, {
        ...reply.headers,
        'Content-Length': String(Buffer.byteLength(reply.text) + 10),
      });
      outgoing.write(reply.text.slice(0, Math.floor(reply.text.length / 2)), () => {
        outgoing.destroy();
      });
      return;
    case 'status':
    case 'slow':
    case 'reset':
    case undefined:
      send(outgoing, reply);
  }
}

function faultReply(fault: Fault): Reply {
  const status = fault.status ?? 503;
  const again =
    fault.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(fault.retryAfterSeconds) };
  const page = `<html><body><h1>${String(status)} upstream error</h1></body></html>`;
  const reply =
    status >= 500
      ? { status, text: page, headers: { 'Content-Type': 'text/html' } }
      : json(status, {
          status: 'error',
          message: 'refused by order',
          ...(fault.policyName === undefined ? {} : { policyName: fault.policyName }),
        });
  return { ...reply, headers: { ...reply.headers, ...again } };
}

function rendered({ status, body }: ApiAnswer, headers: Readonly<Record<string, string>>): Reply {
  const reply = body === undefined ? { status, text: '', headers: {} } : json(status, body);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function json(status: number, body: unknown): Reply {
  return {
    status,
    text: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json;charset=utf-8' },
  };
}

function send(outgoing: ServerResponse, reply: Reply): void {
  outgoing.writeHead(reply.status, {
    ...reply.headers,
    'Content-Length': String(Buffer.byteLength(reply.text)),
  });
  outgoing.end(reply.text);
}

function log({ calls }: Parts, request: ApiRequest, status: number): void {
  calls.push({ method: request.method, path: request.path, status });
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function requestOf(incoming: IncomingMessage, raw: string): ApiRequest {
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  const isJson = (incoming.headers['content-type'] ?? '').includes('json') && raw !== '';
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    parts: url.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent),
    query: url.searchParams,
    raw,
    body: isJson ? parsed(raw) : undefined,
    authorization: incoming.headers.authorization,
  };
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
