import type { ExitCode } from './exit-codes.js';
import type { Output } from './output.js';

/** Carries a command out and keeps its exit code. */
export type Run = (options: JsonFlag, work: (output: Output) => Promise<ExitCode>) => Promise<void>;

export interface JsonFlag {
  readonly json?: boolean;
}

export const JSON_OPTION = ['--json', 'print the result as JSON'] as const;
