import { nearest, suggestion } from './nearest.js';

describe('nearest name', () => {
  it.each([
    ['shedule', 'schedule'],
    ['SCHEDULE', 'schedule'],
    ['shceudle', 'schedule'],
    ['nmae', 'name'],
    ['completely', undefined],
    ['', undefined],
  ])('for %j is %j', (given, meant) => {
    expect(nearest(given, ['name', 'schedule', 'sync'])).toBe(meant);
  });

  it('is looked for without regard to how long a wrong name is', () => {
    expect(nearest('x'.repeat(1_000_000), ['name'])).toBeUndefined();
  });

  it('is told, or else what there is to choose from', () => {
    expect(suggestion('nam', ['name', 'sync'])).toBe('Did you mean "name"?');
    expect(suggestion('zzz', ['name', 'sync', 'name'])).toBe('Use one of: name, sync.');
    expect(suggestion(undefined, ['name'])).toBe('Use one of: name.');
    expect(suggestion('zzz', [])).toBe('Remove it.');
  });
});
