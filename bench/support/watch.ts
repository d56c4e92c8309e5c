/** Tells when a record of the sandbox has got a value: a process of the sandbox's own sees it at once. */
import { createInterface } from 'node:readline';

/** A line of the input. */
export interface Watched {
  /** What the answer is known by. */
  readonly key: string;
  readonly id: string;
  readonly field: string;
  readonly value: string;
}

/** A line of the output. */
export interface Sighting {
  readonly key: string;
  /** ms since 1970. */
  readonly at: number;
}

const LOOK_MS = 1;

/** Until the input is closed; then the process ends. */
export function watch(record: (id: string) => Readonly<Record<string, unknown>> | undefined): void {
  const waiting = new Map<string, Watched>();
  const timer = setInterval(() => {
    for (const [key, { id, field, value }] of waiting) {
      if (record(id)?.[field] !== value) continue;
      waiting.delete(key);
      const sighting: Sighting = { key, at: Date.now() };
      process.stdout.write(`${JSON.stringify(sighting)}\n`);
    }
  }, LOOK_MS);
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const watched = JSON.parse(line) as Watched;
      waiting.set(watched.key, watched);
    })
    .on('close', () => {
      clearInterval(timer);
      process.exit(0);
    });
}
