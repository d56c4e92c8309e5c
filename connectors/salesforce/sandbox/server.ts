/** The HTTP side: routing, sessions, limits, and the faults that are switched on. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { COMMANDS, type SandboxControl } from './control.js';
import type { Fault, Faults } from './faults.js';
import { Problem } from './problem.js';
import type { Rest } from './rest.js';
import { emptyRecycleBin } from './recycle-bin.js';
import type { Answer, SignIn } from './sign-in.js';
import type { Store } from './store.js';
import type { Usage } from './usage.js';
import type { Cometd } from './streaming/cometd.js';

export interface Parts {
  readonly store: Store;
  readonly signIn: SignIn;
  readonly rest: Rest;
  readonly cometd: Cometd;
  readonly usage: Usage;
  readonly faults: Faults;
  readonly control: SandboxControl;
}

const VERSIONS = Array.from({ length: 37 }, (_, index) => `${String(31 + index)}.0`);
const MAX_URL = 16_384;
const MAINTENANCE = '<!DOCTYPE html><html><body><h1>We are down for maintenance.</h1></body></html>';

export function createSandboxServer(parts: Parts): Server {
  return createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const method = request.method ?? 'GET';
  const text = await bodyOf(request);
  response.sendDate = false;
  response.setHeader('date', new Date(parts.store.now()).toUTCString());
  if (url.pathname.startsWith('/__control/')) {
    send(response, controlled(parts.control, url.pathname.slice('/__control/'.length), text));
    return;
  }
  const path = url.pathname + decodeURIComponent(url.search.replaceAll('+', ' '));
  const fault = parts.faults.pick(method, path);
  if (fault?.kind === 'reset') {
    request.socket.destroy();
    return;
  }
  const incoming = { request, url, method, text, fault };
  const streaming = /^\/cometd\/\d+\.0\/?$/.test(url.pathname);
  const answer =
    broken(fault) ??
    (streaming ? await streamed(parts, incoming, response) : answered(() => route(parts, incoming)));
  parts.control.note({ method, path, status: answer.status });
  if (fault?.kind === 'slow') await pause(fault.ms ?? 0);
  if (fault?.kind === 'lostAnswer') request.socket.destroy();
  else send(response, answer, { usage: parts.usage, fault });
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly method: string;
  readonly text: string;
  readonly fault: Fault | undefined;
}

function route(parts: Parts, incoming: Incoming): Answer {
  const { request, url, method, text } = incoming;
  if (Buffer.byteLength(request.url ?? '') > MAX_URL)
    return { status: 414, text: 'URI Too Long', type: 'text/html' };
  if (url.pathname === '/services/oauth2/token') return parts.signIn.token(new URLSearchParams(text));
  const soap = /^\/services\/Soap\/u\/(\d+\.0)/.exec(url.pathname)?.[1];
  if (soap !== undefined && text.includes('<emptyRecycleBin'))
    return emptyRecycleBin(parts.store, parts.signIn, text);
  if (soap !== undefined) return parts.signIn.soap(soap, text);
  if (url.pathname === '/services/data')
    return { status: 200, body: VERSIONS.map((version) => ({ version })) };
  const [, version, rest] = /^\/services\/data\/v(\d+\.0)\/(.*)$/.exec(url.pathname) ?? [];
  if (version === undefined || rest === undefined || !VERSIONS.includes(version))
    throw new Problem(404, 'NOT_FOUND', 'The requested resource does not exist');
  if (!parts.signIn.knows(request.headers.authorization))
    throw new Problem(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  if (parts.usage.used >= parts.usage.limit)
    throw new Problem(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
  parts.usage.count(1);
  return parts.rest.answer({
    method,
    version,
    segments: rest.split('/'),
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]),
    ),
    body: bodyFrom(request, text),
    fault: incoming.fault,
  });
}

/** Takes as long as a poll is held; not counted as an API call. */
async function streamed(
  { cometd }: Parts,
  { request, text }: Incoming,
  response: ServerResponse,
): Promise<Answer> {
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  const { authorization, cookie } = request.headers;
  const { body, setCookie } = await cometd.answer({
    token: authorization,
    cookie,
    text,
    signal: gone.signal,
  });
  return { status: 200, body, ...(setCookie === undefined ? {} : { setCookie }) };
}

function broken(fault: Fault | undefined): Answer | undefined {
  if (fault?.kind === 'maintenance')
    return { status: 503, text: MAINTENANCE, type: 'text/html;charset=UTF-8' };
  if (fault?.kind !== 'error') return undefined;
  return {
    status: fault.status ?? 500,
    body: [{ errorCode: fault.code ?? 'UNKNOWN_EXCEPTION', message: fault.message ?? '' }],
  };
}

function answered(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Problem) return { status: error.status, body: error.body() };
    throw error;
  }
}

function controlled(control: SandboxControl, name: string, text: string): Answer {
  const command = COMMANDS.find((one) => one === name);
  if (command === undefined) return { status: 404, body: { error: `no command ${name}` } };
  const args: unknown = text === '' ? [] : parsed(text);
  return answered(() => {
    const run = control[command].bind(control) as (...given: readonly unknown[]) => unknown;
    const given: readonly unknown[] = Array.isArray(args) ? args : [args];
    return { status: 200, body: run(...given) ?? null };
  });
}

/** Tables stay text. */
function bodyFrom(request: IncomingMessage, text: string): unknown {
  if (request.headers['content-type']?.startsWith('text/csv') === true) return text;
  return text === '' ? undefined : parsed(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'JSON_PARSER_ERROR', 'Unexpected content');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(
  response: ServerResponse,
  answer: Answer,
  more: { readonly usage?: Usage; readonly fault?: Fault | undefined } = {},
): void {
  const { usage, fault } = more;
  const text = answer.text ?? JSON.stringify(answer.body);
  const body = Buffer.from(fault?.kind === 'malformed' ? text.slice(0, text.length / 2) : text);
  response.writeHead(answer.status, {
    'content-type': answer.type ?? 'application/json;charset=UTF-8',
    'content-length': body.length,
    ...answer.headers,
    ...(answer.setCookie === undefined ? {} : { 'set-cookie': answer.setCookie }),
    ...(usage === undefined
      ? {}
      : { 'sforce-limit-info': `api-usage=${String(usage.used)}/${String(usage.limit)}` }),
    ...(fault?.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) }),
  });
  if (fault?.kind === 'resetMidBody')
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  else response.end(body);
}
