/**
 * The `code` of an error from Node or a driver (`ENOENT`, `42P01`); undefined when it has none. Looks at the value and
 * not at its class, because an error may come from another realm.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
