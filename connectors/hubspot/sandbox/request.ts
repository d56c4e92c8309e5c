/** One call as the routes see it. */
import { invalid } from './answers.js';

export interface ApiRequest {
  readonly method: string;
  /** Path without its leading slash, in parts. */
  readonly parts: readonly string[];
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  readonly raw: string;
  readonly authorization: string | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}

export function queryList(query: URLSearchParams, name: string): readonly string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '');
}

export function objectIn(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${what} must be an object`);
  return value as Readonly<Record<string, unknown>>;
}

export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The inputs of a batch, at most `max`. */
export function inputsIn(body: unknown, max: number): readonly Readonly<Record<string, unknown>>[] {
  const { inputs } = objectIn(body, 'the body');
  if (!Array.isArray(inputs) || inputs.length === 0) throw invalid('The batch has no inputs');
  if (inputs.length > max)
    throw invalid(`The batch has ${String(inputs.length)} inputs, the maximum is ${String(max)}`);
  return inputs.map((input: unknown) => objectIn(input, 'an input'));
}
