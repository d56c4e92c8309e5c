import { newId } from './new-id.js';

describe('newId', () => {
  it('gives each row an id of its own, in the order in which they are made', () => {
    const ids = Array.from({ length: 3_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    expect(ids[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});
