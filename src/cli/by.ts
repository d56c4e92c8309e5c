/** Shown with what was decided here. */
export const BY = 'the command line';
