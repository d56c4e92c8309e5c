/** An answer that says no, as Salesforce words it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: { readonly fields?: readonly string[]; readonly duplicateResut?: unknown } = {},
  ) {
    super(message);
    this.name = 'Problem';
  }

  /** The body of an answer to a single call. */
  body(): unknown {
    return [{ message: this.message, errorCode: this.code, ...this.more }];
  }

  /** The same within a collection: another key for the code, and no duplicates named. */
  saveError(): unknown {
    return { statusCode: this.code, message: this.message, fields: this.more.fields ?? [] };
  }
}
