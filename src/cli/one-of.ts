import { suggestion } from '../sdk/nearest.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';

/** @throws CommandError when what was given is none of the choices */
export function oneOf<Choice extends string>(
  given: string,
  choices: readonly Choice[],
  what: string,
): Choice {
  const found = choices.find((choice) => choice === given);
  if (found !== undefined) return found;
  throw new CommandError(EXIT.usage, `There is no ${what} "${given}".`, suggestion(given, choices));
}
