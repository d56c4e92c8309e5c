/** What every case is given, and what it gives. */
import type { Figure } from './figures.js';
import type { Postgres } from './support/postgres.js';
import type { Vendor } from './support/sandbox.js';

export interface Bench {
  readonly postgres: Postgres;
  /** Whose records the first pull reads. */
  readonly vendor: Vendor;
  /** The large sizes. */
  readonly full: boolean;
  /** In place of the sizes of every case. */
  readonly records?: number | undefined;
  /** Folder for CPU profiles of the hub; first pull and syncs only. */
  readonly profile?: string | undefined;
  /** Whether to tell the dearest statements of the first pull. */
  readonly statements: boolean;
  /** Tells a person who waits. */
  readonly tell: (line: string) => void;
}

export type Case = (bench: Bench) => Promise<readonly Figure[]>;
