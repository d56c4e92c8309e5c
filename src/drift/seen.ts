const BLOCK_BITS = 65_536;

/** The last so many things that were added: enough to know again what a reading brings twice in a row. */
export class Latest {
  private readonly kept = new Set<string>();

  constructor(private readonly most: number) {}

  add(text: string): void {
    this.kept.delete(text);
    this.kept.add(text);
    const [oldest] = this.kept;
    if (this.kept.size > this.most && oldest !== undefined) this.kept.delete(oldest);
  }

  has(text: string): boolean {
    return this.kept.has(text);
  }
}

/** Ids of the records that were met: a bit for each, in blocks, however many there are. */
export class Seen {
  private readonly blocks = new Map<number, Uint8Array>();
  /** How many were added. */
  size = 0;

  add(id: string): void {
    const { block, byte, mask } = placeOf(id);
    const bits = this.blocks.get(block) ?? new Uint8Array(BLOCK_BITS / 8);
    const before = bits[byte] ?? 0;
    if ((before & mask) === 0) this.size += 1;
    bits[byte] = before | mask;
    this.blocks.set(block, bits);
  }

  has(id: string): boolean {
    const { block, byte, mask } = placeOf(id);
    return ((this.blocks.get(block)?.[byte] ?? 0) & mask) !== 0;
  }
}

function placeOf(id: string): { block: number; byte: number; mask: number } {
  const value = BigInt(id);
  const bit = Number(value % BigInt(BLOCK_BITS));
  return { block: Number(value / BigInt(BLOCK_BITS)), byte: bit >> 3, mask: 1 << (bit & 7) };
}
