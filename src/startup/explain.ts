/** Why the process did not start, in words, with the remedy where there is one; the exit code is 1. */
export function explain(error: unknown): void {
  const { message, remedy } = error as { readonly message?: unknown; readonly remedy?: unknown };
  const said = typeof message === 'string' ? message : 'Rapport could not start.';
  const advice = typeof remedy === 'string' && !said.includes(remedy) ? ` ${remedy}` : '';
  process.stderr.write(`${said}${advice}\n`);
  process.exitCode = 1;
}
