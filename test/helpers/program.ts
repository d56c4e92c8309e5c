/** A TypeScript program run as a process of its own, spoken with by lines of JSON. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { packageRoot } from '../../src/platform/package-root.js';

export interface ProgramOptions {
  readonly args: readonly string[];
  /** Runs as this user; only root can. */
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class Program {
  private readonly lines: Interface;
  private readonly answers: AsyncIterator<string>;

  private constructor(readonly child: ChildProcess) {
    if (child.stdout === null) throw new Error('The program was started without a pipe.');
    this.lines = createInterface({ input: child.stdout });
    this.answers = this.lines[Symbol.asyncIterator]();
  }

  /** `file` is below test/helpers/programs. */
  static start(file: string, options: ProgramOptions): Program {
    const root = packageRoot();
    const loader = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
    const program = join(root, 'test', 'helpers', 'programs', file);
    return new Program(
      spawn(process.execPath, ['--import', loader, program, ...options.args], {
        cwd: root,
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, ...options.env },
        ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
      }),
    );
  }

  /** The next line it says. */
  async answer(): Promise<Record<string, unknown>> {
    const next = await this.answers.next();
    if (next.done === true) throw new Error('The program ended without an answer.');
    return JSON.parse(next.value) as Record<string, unknown>;
  }

  async ask(line: string): Promise<Record<string, unknown>> {
    this.child.stdin?.write(`${line}\n`);
    return await this.answer();
  }

  /** Ends it as a crash does. */
  async crash(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }

  async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}
