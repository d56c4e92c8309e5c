/**
 * Where the app rotates refresh tokens, each can be used once. A context made before a rotation still holds the old
 * one, so the way from old to new is kept beside the session.
 */
const KEY = 'salesforce.rotated';

export function newestRefreshToken(cache: Map<string, unknown>, given: string): string {
  const rotated = rotations(cache);
  let token = given;
  for (let next = rotated.get(token); next !== undefined; next = rotated.get(token)) token = next;
  return token;
}

export function rememberRotation(cache: Map<string, unknown>, used: string, rotated: string): void {
  const all = rotations(cache);
  all.delete(rotated);
  all.set(used, rotated);
  cache.set(KEY, all);
}

function rotations(cache: Map<string, unknown>): Map<string, string> {
  return (cache.get(KEY) as Map<string, string> | undefined) ?? new Map<string, string>();
}
