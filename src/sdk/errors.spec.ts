import { ConnectorError, isRetryable } from './errors.js';

class VendorError extends ConnectorError {}

const init = { kind: 'throttled', code: 'LIMIT', message: 'Too many calls.', remedy: 'Wait.' } as const;

describe('ConnectorError', () => {
  it('is known when it comes from another copy of this class', () => {
    const foreign = Object.assign(new Error(init.message), {
      kind: 'throttled',
      code: 'LIMIT',
      remedy: 'Wait.',
    });
    expect(foreign instanceof ConnectorError).toBe(true);
    expect(foreign instanceof VendorError).toBe(false);
  });

  it('is no other error, whatever it carries', () => {
    const odd = Object.assign(new Error('x'), { kind: 'odd', code: 'LIMIT', remedy: 'Wait.' });
    expect(odd instanceof ConnectorError).toBe(false);
    expect({ ...init } instanceof ConnectorError).toBe(false);
    expect(new ConnectorError(init) instanceof VendorError).toBe(false);
    expect(new VendorError(init) instanceof ConnectorError).toBe(true);
  });

  it('tells what waiting can mend', () => {
    expect(isRetryable('throttled')).toBe(true);
    expect(isRetryable('credentials')).toBe(false);
  });
});
