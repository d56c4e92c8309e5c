import { MultiBar, type SingleBar } from 'cli-progress';
import type { RunReport } from '../runs/run-report.js';
import type { Output } from './output.js';

/** How far a run is: bars on a terminal, plain lines elsewhere, nothing but the result with --json. */
export interface RunProgress {
  show(report: RunReport): void;
  stop(): void;
}

export function runProgress(output: Output): RunProgress {
  if (output.json) return { show: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? bars() : lines(output);
}

interface Step {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** Reading each object, resolving, and writing to each connection. */
function stepsOf(report: RunReport): Step[] {
  const steps: Step[] = [];
  for (const count of report.counts) {
    const part = report.parts.find((one) => one.connectionId === count.connectionId);
    const total = Math.max(part?.progress.totals[count.object] ?? 0, count.read);
    if (count.read > 0)
      steps.push({ name: `read ${count.connection} ${count.object}`, done: count.read, total });
    const written = count.created + count.updated + count.archived;
    const waiting = report.waiting.writes[count.connection] ?? 0;
    if (written > 0) {
      steps.push({
        name: `write ${count.connection} ${count.object}`,
        done: written,
        total: written + waiting,
      });
    }
  }
  return steps;
}

function bars(): RunProgress {
  const multi = new MultiBar({
    format: '{name} {bar} {value}/{total}',
    hideCursor: true,
    barsize: 30,
    stream: process.stderr,
    clearOnComplete: false,
  });
  const byName = new Map<string, SingleBar>();
  return {
    show: (report) => {
      for (const { name, done, total } of stepsOf(report)) {
        const bar = byName.get(name) ?? multi.create(total, 0, { name: name.padEnd(32) });
        byName.set(name, bar);
        bar.setTotal(Math.max(total, done));
        bar.update(done, { name: name.padEnd(32) });
      }
    },
    stop: () => {
      multi.stop();
    },
  };
}

const LINE_EVERY_MS = 2_000;

function lines(output: Output): RunProgress {
  let last = '';
  let next = 0;
  return {
    show: (report) => {
      if (Date.now() < next) return;
      const line = stepsOf(report)
        .map(({ name, done, total }) => `${name} ${String(done)}/${String(total)}`)
        .join(', ');
      if (line === '' || line === last) return;
      output.note(line);
      last = line;
      next = Date.now() + LINE_EVERY_MS;
    },
    stop: () => undefined,
  };
}
