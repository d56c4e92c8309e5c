/** HubSpot points at owners by id; the hub knows them by e-mail. */
import { z } from 'zod';
import { ConnectorError } from '../../src/sdk/index.js';
import type { HubSpotApi } from './client.js';
import type { HubSpotContext } from './config.js';
import { stateOf, warnOnce } from './state.js';

export interface Owners {
  /** E-mail by id, deactivated users included. */
  readonly emails: ReadonlyMap<string, string>;
  /** Id by lower-case e-mail, active users only. */
  readonly ids: ReadonlyMap<string, string>;
}

const NOBODY: Owners = { emails: new Map(), ids: new Map() };
const FRESH_MS = 10 * 60_000;
const MAX_PAGES = 200;

const ownerSchema = z.object({ id: z.coerce.string(), email: z.string().min(1) });

/** Without the scope for owners nobody is known: then owners are neither read nor written, with a warning. */
export async function ownersOf(ctx: HubSpotContext, api: HubSpotApi): Promise<Owners> {
  const state = stateOf(ctx);
  if (state.owners !== undefined && state.owners.at + FRESH_MS > ctx.clock.now()) return state.owners.value;
  const value = await fetchOwners(api).catch((error: unknown) => {
    if (!(error instanceof ConnectorError && error.kind === 'permission')) throw error;
    warnOnce(ctx, 'owners are left out: the token lacks the scope crm.objects.owners.read', {});
    return NOBODY;
  });
  state.owners = { at: ctx.clock.now(), value };
  return value;
}

async function fetchOwners(api: HubSpotApi): Promise<Owners> {
  const emails = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const archived of [true, false]) {
    let after: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { results, next } = await api.owners({ archived, after });
      for (const owner of ownersIn(results)) {
        emails.set(owner.id, owner.email);
        if (!archived) ids.set(owner.email.toLowerCase(), owner.id);
      }
      if (next === undefined) break;
      after = next;
    }
  }
  return { emails, ids };
}

function ownersIn(results: unknown): readonly z.infer<typeof ownerSchema>[] {
  if (!Array.isArray(results)) return [];
  return results.flatMap((result: unknown) => {
    const parsed = ownerSchema.safeParse(result);
    return parsed.success ? [parsed.data] : [];
  });
}
