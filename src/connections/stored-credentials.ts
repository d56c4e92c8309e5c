/**
 * Credentials as they are sealed. A system may give out new ones (a refresh token that replaces the last): those are in
 * force, and the ones a person gave are kept beside them, so that applying the same configuration again changes nothing.
 */
import { z } from 'zod';

const stored = z.object({ given: z.unknown(), renewed: z.unknown().optional() });

/** What a person gave, ready to be sealed. */
export function asGiven(credentials: unknown): string {
  return JSON.stringify({ given: credentials });
}

/** The same, with what the system has given since. */
export function withRenewed(text: string, renewed: unknown): string {
  return JSON.stringify({ given: givenIn(text), renewed });
}

export function givenIn(text: string): unknown {
  return stored.parse(JSON.parse(text)).given;
}

/** What to sign in with: as the connector's schema reads what was given, or as the system gave it. */
export function inForce(text: string, schema: z.ZodType): unknown {
  const { given, renewed } = stored.parse(JSON.parse(text));
  if (renewed !== undefined) return renewed;
  const parsed = schema.safeParse(given);
  return parsed.success ? parsed.data : given;
}
