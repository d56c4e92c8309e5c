import { HttpException } from '@nestjs/common';
import { AccessDenied } from '../access/index.js';
import { RequestError, type FieldProblem, type RequestErrorKind } from '../customers/request-error.js';
import { SecretError } from '../platform/secrets/index.js';
import { RunRefused } from '../runs/runs.service.js';
import { ConnectorError } from '../sdk/index.js';

/** What went wrong, as RFC 9457 has it; `field`, `remedy` and `errors` are the hub's own members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Path of the request. */
  readonly instance: string;
  readonly field?: string;
  readonly remedy?: string;
  readonly errors?: readonly FieldProblem[];
}

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly status: number;
}

const OF_REQUEST: Readonly<Record<RequestErrorKind, Kind>> = {
  unknown: { name: 'not-found', title: 'There is no such thing', status: 404 },
  invalid: { name: 'invalid-input', title: 'The request is not right', status: 400 },
  conflict: { name: 'conflict', title: 'That cannot be done as things are', status: 409 },
};

const OF_RUN: Readonly<Record<RunRefused['code'], Kind>> = {
  UNKNOWN_CONNECTION: OF_REQUEST.invalid,
  CONNECTION_PAUSED: OF_REQUEST.conflict,
  NOTHING_TO_SYNC: OF_REQUEST.conflict,
};

const OF_ACCESS: Readonly<Record<AccessDenied['reason'], Kind>> = {
  unknown: { name: 'unauthorized', title: 'Who are you?', status: 401 },
  scope: { name: 'forbidden', title: 'That is not for you', status: 403 },
};

/** What Nest, Express and controllers answer with, by status. */
const OF_STATUS: Readonly<Record<number, Kind & { readonly remedy: string }>> = {
  400: {
    ...OF_REQUEST.invalid,
    remedy: 'Send what the documentation at /docs says; a body is JSON with Content-Type application/json.',
  },
  401: { ...OF_ACCESS.unknown, remedy: 'Prove who calls.' },
  403: { ...OF_ACCESS.scope, remedy: 'Ask who runs this hub.' },
  404: { ...OF_REQUEST.unknown, remedy: 'The routes there are stand at /docs.' },
  413: { name: 'too-large', title: 'The body is too large', status: 413, remedy: 'Send at most 1 MB.' },
  415: {
    name: 'unsupported-media-type',
    title: 'The body is in a form that is not read here',
    status: 415,
    remedy: 'Send JSON in UTF-8.',
  },
};

const INTERNAL: Kind & { readonly remedy: string } = {
  name: 'internal',
  title: 'The hub failed',
  status: 500,
  remedy: 'Try again; if it goes on, the log says more under the id of the request.',
};

const UNAVAILABLE: Kind & { readonly remedy: string } = {
  name: 'unavailable',
  title: 'The hub cannot do that just now',
  status: 503,
  remedy: 'Try again in a moment.',
};

const SYSTEM_FAILED: Kind = {
  name: 'system-failed',
  title: 'The connected system refused or failed',
  status: 502,
};

/** Names of all problem types. */
export const ALL_KINDS: readonly string[] = [
  ...new Set([
    ...Object.values(OF_REQUEST).map((kind) => kind.name),
    ...Object.values(OF_STATUS).map((kind) => kind.name),
    SYSTEM_FAILED.name,
    INTERNAL.name,
    UNAVAILABLE.name,
  ]),
].sort();

/** From whatever was thrown to what the caller is told. Nothing of an unforeseen error is passed on. */
export function problemOf(error: unknown, path: string): Problem {
  if (error instanceof RequestError) {
    return {
      ...head(OF_REQUEST[error.kind], error.message, path),
      ...(error.field !== undefined && { field: error.field }),
      remedy: error.remedy,
      ...(error.problems.length > 1 && { errors: error.problems }),
    };
  }
  if (error instanceof AccessDenied) {
    return { ...head(OF_ACCESS[error.reason], error.message, path), remedy: error.remedy };
  }
  if (error instanceof RunRefused) {
    const field = error.code === 'UNKNOWN_CONNECTION' ? { field: 'connections' } : {};
    return { ...head(OF_RUN[error.code], error.message, path), ...field, remedy: error.remedy };
  }
  if (error instanceof ConnectorError || error instanceof SecretError) {
    return { ...head(SYSTEM_FAILED, error.message, path), remedy: error.remedy };
  }
  const status = statusOf(error);
  if (status === undefined || status >= 500) {
    const kind = status === 503 ? UNAVAILABLE : INTERNAL;
    return { ...head(kind, kind.title, path), remedy: kind.remedy };
  }
  const kind = OF_STATUS[status];
  const said = { ...(kind ?? { ...OF_REQUEST.invalid, name: 'refused' }), status };
  return { ...head(said, messageOf(error, said.title), path), ...(kind && { remedy: kind.remedy }) };
}

function head({ name, title, status }: Kind, detail: string, instance: string): Problem {
  return { type: `urn:rapport:problem:${name}`, title, status, detail, instance };
}

/** Nest's exceptions, and those of the body parser, which carry a status too. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
}

/** The parser's own words quote the body, and the router's the path. */
function messageOf(error: unknown, otherwise: string): string {
  if (!(error instanceof HttpException)) return otherwise;
  if (error.getStatus() === 404) return 'There is no such route.';
  return error.getStatus() === 400 ? 'The request could not be read.' : error.message;
}
