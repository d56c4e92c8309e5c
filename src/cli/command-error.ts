import type { ExitCode } from './exit-codes.js';

/** A command cannot do what it was asked, for a reason the person can understand. */
export class CommandError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly remedy?: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}
