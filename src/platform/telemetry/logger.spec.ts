import { createLogger, type Logger } from './logger.js';
import { withContext } from './run-context.js';

/** Everything a logger wrote. */
function capture(work: (logger: Logger) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  work(createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

class RemedyError extends Error {
  readonly remedy = 'Do this.';
}

describe('the log', () => {
  it('says what run and connection a line belongs to, across awaits', async () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    await withContext({ runId: 'r1' }, async () => {
      await Promise.resolve();
      withContext({ connection: 'hubspot' }, () => {
        logger.info('pulled');
      });
    });
    logger.info('after');
    const [inside, after] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(inside).toMatchObject({ runId: 'r1', connection: 'hubspot', level: 'info', msg: 'pulled' });
    expect(after).not.toHaveProperty('runId');
  });

  it('hides what has the name of a secret, however deep', () => {
    const [line] = capture((logger) => {
      logger.info({ token: 'x1', request: { authorization: 'x2', body: { clientSecret: 'x3' } } }, 'called');
    });
    expect(JSON.stringify(line)).not.toMatch(/x[123]/);
  });

  it('keeps the words of our own errors, and of others only kind and place', () => {
    const [ours, others] = capture((logger) => {
      logger.error({ err: new RemedyError('The key is missing.') }, 'failed');
      logger.error(
        { err: new TypeError('bad value ada@example.com', { cause: new Error('and bob@example.com') }) },
        'failed',
      );
    });
    expect(ours).toMatchObject({ err: { message: 'The key is missing.' } });
    expect(others).toMatchObject({ err: { type: 'TypeError', cause: { type: 'Error' } } });
    expect(JSON.stringify(others)).not.toContain('example.com');
    expect(JSON.stringify(others)).toContain('logger.spec');
  });

  it('takes no words from an error that is logged without any', () => {
    const lines = capture((logger) => {
      logger.error(new Error('ada@example.com'));
      logger.error({ err: new Error('ada@example.com') });
      logger.info('hello');
    });
    expect(JSON.stringify(lines)).not.toContain('example.com');
    expect(lines[2]).toMatchObject({ msg: 'hello' });
  });
});
