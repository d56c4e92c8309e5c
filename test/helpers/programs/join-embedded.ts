/** Joins the hub's own PostgreSQL in the folder given; obeys `query SQL` and `leave` on stdin, answers on stdout. */
import { createInterface } from 'node:readline';
import pg from 'pg';
import { joinEmbeddedPostgres } from '../../../src/platform/database/embedded.js';

const say = (answer: object): void => {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
};

try {
  const server = await joinEmbeddedPostgres(process.argv[2] ?? '', {
    settings: { shared_buffers: '16MB' },
    onLost: (error) => {
      say({ lost: String(error) });
    },
  });
  const pool = new pg.Pool({ connectionString: server.url });
  pool.on('error', () => undefined);
  say({ url: server.url });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'leave') break;
    try {
      const result = await pool.query<object>(line.slice('query '.length));
      say({ rows: result.rows });
    } catch (error) {
      say({ error: String(error) });
    }
  }
  await pool.end();
  await server.leave();
  say({ left: true });
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
