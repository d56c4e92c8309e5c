/** One value that could not be carried over as it should. Never holds the value itself. */
export interface MappingProblem {
  readonly field: string;
  readonly property: string;
  /** For the ops admin. */
  readonly message: string;
  readonly remedy: string;
}
