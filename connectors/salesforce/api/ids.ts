/** Record ids: 15 case-sensitive characters, or 18 with a checksum that makes them safe to compare anyhow. */

const SHAPE = /^[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$/;
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form; undefined when the text is no well-formed record id. */
export function fullId(text: string): string | undefined {
  if (!SHAPE.test(text)) return undefined;
  const short = text.slice(0, 15);
  const full = short + checksum(short);
  return text.length === 15 || text === full ? full : undefined;
}

/** Three characters, each telling which of five id characters are capitals. */
function checksum(short: string): string {
  return [0, 5, 10]
    .map((start) => {
      const bits = [0, 1, 2, 3, 4].map((bit) => (/[A-Z]/.test(short.charAt(start + bit)) ? 1 << bit : 0));
      return CHECKSUM.charAt(bits.reduce((sum, bit) => sum + bit));
    })
    .join('');
}
