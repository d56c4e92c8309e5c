import { readAhead } from './read-ahead.js';

const always = (): boolean => true;

/** A source that yields when told to. */
function controlled(): { source: AsyncGenerator<number>; asked: () => number; closed: () => boolean } {
  let asked = 0;
  let closed = false;
  async function* numbers(): AsyncGenerator<number> {
    try {
      for (;;) {
        await Promise.resolve();
        yield asked++;
      }
    } finally {
      closed = true;
    }
  }
  return { source: numbers(), asked: () => asked, closed: () => closed };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

describe('reading ahead', () => {
  it('brings all items in order, those that came meanwhile together', async () => {
    async function* three(): AsyncGenerator<number> {
      await Promise.resolve();
      yield 1;
      yield 2;
      yield 3;
    }
    const groups: (readonly number[])[] = [];
    for await (const group of readAhead(three(), always)) {
      groups.push(group);
      await turns(50);
    }
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it('stops reading while there is no room', async () => {
    const { source, asked } = controlled();
    const groups = readAhead(source, (waiting) => waiting.length < 3);
    await groups.next();
    await turns(200);
    const before = asked();
    await turns(200);
    expect(asked()).toBe(before);
    await expect(groups.next()).resolves.toMatchObject({ value: [1, 2, 3] });
    await groups.return(undefined);
  });

  it('throws the error of the source after all items before it', async () => {
    async function* failing(): AsyncGenerator<number> {
      await Promise.resolve();
      yield 1;
      throw new Error('no more');
    }
    const seen: number[] = [];
    const all = async (): Promise<void> => {
      for await (const group of readAhead(failing(), always)) seen.push(...group);
    };
    await expect(all()).rejects.toThrow('no more');
    expect(seen).toEqual([1]);
  });

  it('closes the source when its reader has enough', async () => {
    const { source, closed } = controlled();
    for await (const group of readAhead(source, (waiting) => waiting.length < 2)) {
      if (group.length > 0) break;
    }
    expect(closed()).toBe(true);
  });
});
