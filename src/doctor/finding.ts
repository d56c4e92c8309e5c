import type { CheckItem } from '../sdk/index.js';

/** One line of the doctor's report; anything but `ok` says what to do. */
export type Finding = CheckItem;

/** What one look was at, and what it found. */
export interface Examination {
  /** `machine`, `database`, `work`, or a connection's name. */
  readonly subject: string;
  readonly findings: readonly Finding[];
}

export function ok(name: string, message: string): Finding {
  return { name, status: 'ok', message };
}

export function warning(name: string, message: string, remedy: string): Finding {
  return { name, status: 'warning', message, remedy };
}

export function failed(name: string, message: string, remedy: string): Finding {
  return { name, status: 'failed', message, remedy };
}

const UNITS = [
  [86_400, 'days'],
  [3_600, 'hours'],
  [60, 'minutes'],
] as const;

/** `3 hours`; whole units, rounded down. */
export function duration(seconds: number): string {
  const unit = UNITS.find(([size]) => seconds >= 2 * size);
  if (unit === undefined) return `${String(Math.max(0, Math.round(seconds)))} seconds`;
  return `${String(Math.floor(seconds / unit[0]))} ${unit[1]}`;
}
