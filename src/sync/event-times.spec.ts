import type { SourceRecord } from '../sdk/index.js';
import { withEventTimes, type TimedEvent } from './event-times.js';

const T = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();

function record(modifiedAt: string, times?: Record<string, string>): SourceRecord {
  return { id: 'a', values: {}, modifiedAt, ...(times && { times }) };
}

function event(second: number, ...changed: string[]): TimedEvent {
  return { externalId: 'a', occurredAt: T(second), changed };
}

function timesOf(read: SourceRecord, ...events: TimedEvent[]): unknown {
  return withEventTimes([read], events)[0]?.times;
}

describe('the times that events tell', () => {
  it('are each edit its own, in whatever order the events come', () => {
    const events = [event(9, 'Title'), event(3, 'Phone', 'Title'), event(5, 'Email')];
    const expected = { Title: T(9), Phone: T(3), Email: T(5) };
    expect(timesOf(record(T(9)), ...events)).toEqual(expected);
    expect(timesOf(record(T(9)), ...events.reverse())).toEqual(expected);
  });

  it('are not taken when the record was modified after the last event: a value may be later than its event', () => {
    expect(timesOf(record(T(10)), event(9, 'Title'), event(3, 'Phone'))).toBeUndefined();
  });

  it('do not stand in for those the system keeps', () => {
    expect(timesOf(record(T(9), { Title: T(1) }), event(9, 'Title', 'Phone'))).toEqual({
      Title: T(1),
      Phone: T(9),
    });
  });

  it('are those of the record itself', () => {
    expect(timesOf(record(T(1)), { ...event(9, 'Title'), externalId: 'b' })).toBeUndefined();
    expect(timesOf(record(T(1)), { externalId: 'a', occurredAt: null, changed: null })).toBeUndefined();
  });
});
