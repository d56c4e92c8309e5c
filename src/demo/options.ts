/** How the demo is asked to run. */
export interface DemoOptions {
  /** End after the tour, instead of staying up to be tried. */
  readonly once: boolean;
  /** How many people there are; companies are a seventh of that. */
  readonly people: number;
}

export class DemoUsage extends Error {}

export const USAGE = `npm run demo [-- --once] [-- --people N]

  --once       end after the tour; without it the demo stays up to be tried
  --people N   how many people to invent, from 40 to 100000 (2000 unless told, or RAPPORT_DEMO_PEOPLE)
`;

const DEFAULT_PEOPLE = 2000;

/** @throws DemoUsage saying what is not understood */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): DemoOptions {
  let once = false;
  let people = environment['RAPPORT_DEMO_PEOPLE'] ?? String(DEFAULT_PEOPLE);
  const waiting = args.flatMap((arg) => (arg.startsWith('--people=') ? arg.split('=') : [arg]));
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (arg === '--once') once = true;
    else if (arg === '--people') people = waiting.shift() ?? '';
    else throw new DemoUsage(`"${arg}" is not understood.`);
  }
  const count = Number(people);
  if (!/^\d+$/.test(people) || count < 40 || count > 100_000)
    throw new DemoUsage(`"${people}" is no number of people from 40 to 100000.`);
  return { once, people: count };
}
