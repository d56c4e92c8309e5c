/** What a service is told that runs with rights it does not need; undefined where it has none (or on Windows). */
export function rootWarning(userId: number | undefined): string | undefined {
  return userId === 0
    ? 'this process runs as root and needs no such rights: run it as a user of its own, see docs/operations.md, "As a service"'
    : undefined;
}
