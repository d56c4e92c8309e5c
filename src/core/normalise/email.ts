import { textKey } from './text.js';

/** Lower case, without `mailto:` and without a name around the address (`Ann <ann@x.org>`). */
export function emailKey(text: string): string {
  const bare = /^[^<>]*<\s*([^<>\s]+@[^<>\s]+)\s*>$/.exec(text)?.[1] ?? text;
  return textKey(textKey(bare.toLowerCase()).replace(/^(?:mailto:\s*)+/, ''));
}
