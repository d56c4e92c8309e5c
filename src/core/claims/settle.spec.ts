import { settle, type FieldStates } from './index.js';

describe('a push that is stored', () => {
  const before: FieldStates = {
    stage: { claim: { value: 'Open', at: 1, origin: 'first' }, held: 'Open' },
    closeDate: { held: '2027-03-31', sent: '=2027-03-31' },
    amount: { held: 'around 5', sent: '=5' },
  };

  it('keeps the claim, and remembers what was sent and what stands there now', () => {
    const after = settle(before, { sent: { stage: '=Closed Won' }, stored: { stage: 'Closed won' } });
    expect(after['stage']).toEqual({
      claim: { value: 'Open', at: 1, origin: 'first' },
      held: 'Closed won',
      sent: '=Closed Won',
    });
  });

  it('forgets the earlier write of a value that changed along with those written', () => {
    const stored = { stage: 'Closed won', closeDate: '2026-11-22', amount: 'around 5' };
    const after = settle(before, { sent: { stage: '=Closed Won' }, stored });
    expect(after['closeDate']).toEqual({ held: '2026-11-22' });
    expect(after['amount']).toEqual({ held: 'around 5', sent: '=5' });
  });
});
