/** What the system says of a process: time on the processors, and memory. Linux only: it reads /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock by which /proc counts; 100 on every Linux there is. */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  /** ms of the process itself. */
  readonly own: number;
  /** ms of its children that have ended. */
  readonly ended: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (index: number): number => Number(fields[index] ?? 0);
    const ms = (ticks: number): number => (ticks * 1000) / TICKS_PER_SECOND;
    return { parent: at(1), own: ms(at(11) + at(12)), ended: ms(at(13) + at(14)) };
  } catch {
    return undefined;
  }
}

/** Processor time of one process so far, ms, user and system. */
export function cpuMs(pid: number): number {
  return statOf(pid)?.own ?? 0;
}

/** The same with all its children, those that ended too: a PostgreSQL server. */
export function familyCpuMs(pid: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid);
  const own = statOf(pid);
  return (own?.own ?? 0) + (own?.ended ?? 0) + children.reduce((sum, stat) => sum + (stat?.own ?? 0), 0);
}

/** The most memory the process has held at once so far, MiB. */
export function peakMemoryMiB(pid: number): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
