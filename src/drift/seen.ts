const BLOCK_BITS = 65_536;

/** Ids of the records that were met: a bit for each, in blocks, however many there are. */
export class Seen {
  private readonly blocks = new Map<number, Uint8Array>();

  add(id: string): void {
    const { block, byte, mask } = placeOf(id);
    const bits = this.blocks.get(block) ?? new Uint8Array(BLOCK_BITS / 8);
    bits[byte] = (bits[byte] ?? 0) | mask;
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
