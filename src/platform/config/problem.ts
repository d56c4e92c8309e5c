/** Where in the file: keys and list positions from the top. */
export type ConfigPath = readonly (string | number)[];

/** One thing wrong with the configuration, where it stands, and what to do. Never holds a configured value. */
export interface ConfigProblem {
  /** `connections[0].sync.customer.direction`; empty for the file as a whole. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

/** A problem found by somebody who knows the path but not the place in the file. */
export interface Finding {
  readonly path: ConfigPath;
  /** Point at the key itself rather than at its value. */
  readonly atKey?: boolean;
  readonly message: string;
  readonly remedy: string;
}

/** `connections[0].settings."odd key"` */
export function printPath(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${String(part)}]`;
    const name = /^[\w.-]+$/.test(part) ? part : JSON.stringify(part);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
