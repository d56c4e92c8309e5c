/** HubSpot's error bodies. */

export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: ErrorBody, headers: Readonly<Record<string, string>> = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export interface ErrorBody {
  readonly message: string;
  readonly category?: string;
  readonly subCategory?: string;
  readonly policyName?: string;
  readonly errorType?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly errors?: readonly object[];
  /** Set by the token endpoint, where it is a code; `error` elsewhere. */
  readonly status?: string;
}

export function invalid(message: string, more: Partial<ErrorBody> = {}): ApiError {
  return new ApiError(400, { message, category: 'VALIDATION_ERROR', ...more });
}

export function notFound(): ApiError {
  return new ApiError(404, { message: 'resource not found' });
}

export function conflict(existingId: string): ApiError {
  return new ApiError(409, {
    message: `Contact already exists. Existing ID: ${existingId}`,
    category: 'CONFLICT',
  });
}

export interface Problem {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly value: string;
}

export function invalidProperties(problems: readonly Problem[]): ApiError {
  const list = problems.map(({ name, code, message, value }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
    propertyValue: value,
  }));
  return invalid(`Property values were not valid: ${JSON.stringify(list)}`, {
    errors: problems.map(({ name, code, message }) => ({ message, code, context: { propertyName: [name] } })),
  });
}

/** An error as one entry of a batch's `errors`. */
export function batchError(error: ApiError, context: Readonly<Record<string, readonly string[]>>): ErrorBody {
  return {
    ...error.body,
    status: 'error',
    category: error.body.category ?? 'VALIDATION_ERROR',
    context: { ...error.body.context, ...context },
  };
}
