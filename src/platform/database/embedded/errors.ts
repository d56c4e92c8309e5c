/** Why the hub's own PostgreSQL cannot be used, and what to do about it. */
export class EmbeddedDatabaseError extends Error {
  readonly remedy: string;

  constructor(init: { readonly message: string; readonly remedy: string; readonly cause?: unknown }) {
    super(`${init.message} ${init.remedy}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'EmbeddedDatabaseError';
    this.remedy = init.remedy;
  }
}
