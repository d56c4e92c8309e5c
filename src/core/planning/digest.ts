/** A short stand-in for a comparison key, to remember what was sent or refused without keeping it twice. */
export function digest(key: string | null): string {
  if (key === null) return '-';
  if (key.length <= 32) return `=${key}`;
  return `#${String(key.length)}.${hash53(key).toString(36)}`;
}

/** Of all that a write says, in whatever order it says it. */
export function wholeDigest(values: Readonly<Record<string, unknown>>): string {
  const fields = Object.keys(values).sort();
  return digest(JSON.stringify(fields.map((field) => [field, values[field]])));
}

/** 53-bit multiplicative hash over UTF-16 units, two lanes of 32 bits; not for secrets. */
function hash53(text: string): number {
  let a = 0x9e3779b1;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b + unit, 0x27d4eb2f) ^ (b >>> 15);
  }
  return ((b >>> 0) & 0x1fffff) * 0x100000000 + (a >>> 0);
}
