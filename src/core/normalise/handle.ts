import { textKey } from './text.js';

/** Path words before the handle in the networks' profile addresses: `linkedin.com/in/ann`, `bsky.app/profile/ann`. */
const BEFORE_HANDLE = new Set([
  'in',
  'pub',
  'profile',
  'user',
  'users',
  'u',
  'team',
  'people',
  'intl',
  'web',
  '#!',
]);

/** Where `/@ann` names an account of the site; elsewhere it is the fediverse, where the server is part of the name. */
const NOT_FEDIVERSE =
  /(?:^|\.)(?:x|twitter|facebook|instagram|threads|tiktok|medium|youtube|linkedin|bsky)\.(?:com|net|app)$/;

/** A person's name in a network, the same whether given as `@Ann`, `ann` or the address of the profile. */
export function handleKey(text: string): string {
  const plain = textKey(textKey(text).toLowerCase());
  const address = plain.replace(/^https?:\/\//, '');
  const key = address.includes('/') ? fromAddress(address) : plain;
  const bare = textKey(key.replace(/^[@\s]+/, ''));
  return bare === '' ? plain : bare;
}

function fromAddress(address: string): string {
  const [path = '', query = ''] = address.split('?', 2);
  const parts = path.split('/').filter((part) => part.trim() !== '');
  const host = /^[^@\s]+\.[^@\s.]+$/.test(parts[0] ?? '') ? parts.shift() : undefined;
  const numeric = /(?:^|&)id=(\d+)/.exec(query)?.[1];
  if (parts[0] === 'profile.php' && numeric !== undefined) return numeric;
  while (parts.length > 1 && BEFORE_HANDLE.has(parts[0] ?? '')) parts.shift();
  const first = parts[0];
  if (first === undefined) return host ?? address;
  if (host !== undefined && /^@[^@\s]+$/.test(first) && !NOT_FEDIVERSE.test(host)) return `${first}@${host}`;
  return first;
}
