/** What the exit codes of `rapport` mean; `--help` lists them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unsynced: 3,
  notFound: 4,
  held: 5,
  stopped: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `
Exit codes:
  0    done; for \`sync --wait\`: everything is in sync
  1    it could not be done, or a check failed: the message says why and what to do
  2    wrong usage, or a configuration that is not valid: nothing was changed
  3    done, but something is left unsynced: see \`rapport issues\`
  4    there is no such connection, customer, run or issue
  5    it stopped before writing, and waits for \`rapport approve\` or \`rapport reject\`
  130  stopped by Ctrl-C; what was done is kept`;
