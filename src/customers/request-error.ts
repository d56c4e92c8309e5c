/**
 * What somebody asked for cannot be done, and why. Messages name fields and ids, never values: they are shown and
 * logged.
 *
 * unknown   there is nothing by that id
 * invalid   what was given is wrong; `field` names it
 * conflict  it is right, but not now or not for this one
 */
export type RequestErrorKind = 'unknown' | 'invalid' | 'conflict';

export interface RequestErrorInit {
  readonly kind: RequestErrorKind;
  readonly message: string;
  readonly remedy: string;
  /** Where in the request: `email`, `limit`, `connections.0`. */
  readonly field?: string;
  /** Everything that is wrong, when it is more than one thing. */
  readonly problems?: readonly FieldProblem[];
}

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Thrown by the services that people and programs talk to; the HTTP API and the CLI show it as it is. */
export class RequestError extends Error {
  readonly kind: RequestErrorKind;
  readonly remedy: string;
  readonly field: string | undefined;
  readonly problems: readonly FieldProblem[];

  constructor(init: RequestErrorInit) {
    super(init.message);
    this.name = 'RequestError';
    this.kind = init.kind;
    this.remedy = init.remedy;
    this.field = init.field;
    this.problems = init.problems ?? [];
  }
}
