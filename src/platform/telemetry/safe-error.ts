/**
 * An error as a log may hold it. Messages of our own errors are written to be shown (they carry a remedy, and no
 * values); those of drivers and libraries may quote data, so of them only the kind and the place are kept.
 */
export interface SafeError {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: SafeError;
}

const MAX_DEPTH = 5;

/** The frames of a stack, without the message above them. */
function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

export function safeError(error: unknown, depth = 0): SafeError {
  if (typeof error !== 'object' || error === null) return { type: typeof error };
  const fields = error as Readonly<Record<string, unknown>>;
  const { name, code, message, stack, cause } = fields;
  const isOurs = typeof fields.remedy === 'string';
  return {
    type: typeof name === 'string' ? name : 'object',
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
    ...(isOurs && typeof message === 'string' && { message }),
    ...(typeof stack === 'string' && { stack: frames(stack) }),
    ...(cause !== undefined && depth < MAX_DEPTH && { cause: safeError(cause, depth + 1) }),
  };
}
