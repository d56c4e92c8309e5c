import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../../../test/helpers/program.js';
import { packageRoot } from '../package-root.js';
import { isReachable } from './embedded/binaries.js';
import { stopServer } from './embedded/server.js';

/** Root can run a process as somebody else, if that one may enter the project's folder. */
const canBeOthers = process.getuid?.() === 0 && isReachable(packageRoot());
const NOBODY = 65534;

/** A folder that only its owner can enter, as mkdtemp makes it: the data folder is made below. */
const parent = mkdtempSync(join(tmpdir(), 'rapport-embedded-'));
const home = join(parent, 'data');
const programs: Program[] = [];

function start(options: { home?: string; uid?: number } = {}): Program {
  const uid = options.uid === undefined ? {} : { uid: options.uid };
  const program = Program.start('join-embedded.ts', { args: [options.home ?? home], ...uid });
  programs.push(program);
  return program;
}

async function joined(program: Program): Promise<void> {
  await expect(program.answer()).resolves.toEqual({ url: expect.stringMatching(/^postgresql:/) as string });
}

function serverPid(): number | undefined {
  const file = join(home, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

async function serverKilled(): Promise<void> {
  const pid = serverPid();
  if (pid === undefined) throw new Error('There is no server to kill.');
  process.kill(pid, 'SIGKILL');
  // The server's children notice by themselves.
  await sleep(100);
}

beforeAll(() => {
  chmodSync(parent, 0o700);
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.crash();
});

afterAll(async () => {
  await stopServer(join(home, 'postgres'));
  rmSync(parent, { recursive: true, force: true });
});

describe("the hub's own PostgreSQL", () => {
  it('is set up on first use, stops with its last user, and keeps what was written', async () => {
    const first = start();
    await joined(first);
    await first.ask('query CREATE TABLE note (text text)');
    await first.ask("query INSERT INTO note VALUES ('kept')");
    await expect(first.ask('leave')).resolves.toEqual({ left: true });
    expect(serverPid()).toBeUndefined();

    const second = start();
    await joined(second);
    await expect(second.ask('query SELECT text FROM note')).resolves.toEqual({ rows: [{ text: 'kept' }] });
    await second.ask('leave');
  });

  it('is shared by processes that start at once, and stays until the last has left', async () => {
    const all = [start(), start(), start()];
    await Promise.all(all.map(joined));
    const pid = serverPid();
    await all[0]?.ask('leave');
    await all[1]?.ask('leave');
    await expect(all[2]?.ask('query SELECT 1 AS one')).resolves.toEqual({ rows: [{ one: 1 }] });
    expect(serverPid()).toBe(pid);
    await all[2]?.ask('leave');
    expect(serverPid()).toBeUndefined();
  });

  it('is adopted when its only user was killed', async () => {
    const killed = start();
    await joined(killed);
    const pid = serverPid();
    await killed.crash();
    expect(serverPid()).toBe(pid);

    const next = start();
    await joined(next);
    expect(serverPid()).toBe(pid);
    await next.ask('leave');
    expect(serverPid()).toBeUndefined();
  });

  it('is started again when it was killed with its user', async () => {
    const killed = start();
    await joined(killed);
    await killed.ask("query INSERT INTO note VALUES ('committed')");
    await serverKilled();
    await killed.crash();

    const next = start();
    await joined(next);
    await expect(next.ask("query SELECT text FROM note WHERE text = 'committed'")).resolves.toEqual({
      rows: [{ text: 'committed' }],
    });
    await next.ask('leave');
  });

  it('is not taken for another program that has its old process id', async () => {
    const lines = [String(process.pid), join(home, 'postgres'), '1', '1', '', '127.0.0.1', '', 'ready'];
    writeFileSync(join(home, 'postgres', 'postmaster.pid'), `${lines.join('\n')}\n`);
    const next = start();
    await joined(next);
    expect(serverPid()).not.toBe(process.pid);
    await next.ask('leave');
  });

  it('comes back at the same address when it is killed under its users', async () => {
    const users = [start(), start()];
    await Promise.all(users.map(joined));
    await serverKilled();
    for (const user of users) {
      let answer: Record<string, unknown> = {};
      for (let attempt = 0; attempt < 50 && answer.rows === undefined; attempt++) {
        if (attempt > 0) await sleep(100);
        answer = await user.ask('query SELECT count(*)::int AS notes FROM note');
      }
      expect(answer).toEqual({ rows: [{ notes: 2 }] });
    }
    await users[0]?.ask('leave');
    await users[1]?.ask('leave');
    expect(serverPid()).toBeUndefined();
  });

  it('says what to do when its password is lost', async () => {
    renameSync(join(home, 'postgres.password'), join(home, 'away'));
    const answer = await start().answer();
    renameSync(join(home, 'away'), join(home, 'postgres.password'));
    expect(answer.error).toMatch(/postgres\.password is missing.*Restore the file/);
  });

  it('says what to do when another release of PostgreSQL made its data', async () => {
    const file = join(home, 'postgres', 'PG_VERSION');
    writeFileSync(file, '17\n');
    const answer = await start().answer();
    writeFileSync(file, '18\n');
    expect(answer.error).toMatch(/made by PostgreSQL 17.*docs\/operations\.md/);
  });

  (canBeOthers ? it : it.skip)(
    'works for an ordinary user too, and tells one who may not use the folder',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rapport-ordinary-'));
      chownSync(folder, NOBODY, NOBODY);
      const ordinary = start({ home: join(folder, 'data'), uid: NOBODY });
      await joined(ordinary);
      await expect(ordinary.ask('query SELECT 1 AS one')).resolves.toEqual({ rows: [{ one: 1 }] });
      await ordinary.ask('leave');
      rmSync(folder, { recursive: true });

      const closed = mkdtempSync(join(tmpdir(), 'rapport-closed-'));
      mkdirSync(join(closed, 'data'), { mode: 0o700 });
      const told = /cannot be used by this user.*RAPPORT_DATA_DIR/;
      const hidden = await start({ home: join(closed, 'data'), uid: NOBODY }).answer();
      expect(hidden.error).toMatch(told);
      // Seen, and somebody else's: as after a first start as root.
      chmodSync(closed, 0o755);
      const foreign = await start({ home: join(closed, 'data'), uid: NOBODY }).answer();
      rmSync(closed, { recursive: true });
      expect(foreign.error).toMatch(told);
    },
  );
});
