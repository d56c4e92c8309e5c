/** What stands between this connection and a sync, each with its remedy. Changes nothing in HubSpot. */
import { ConnectorError, type CheckItem } from '../../src/sdk/index.js';
import { fetchAccount } from './account.js';
import { hubspotApi, type HubSpotApi } from './client.js';
import { isOAuth, type HubSpotContext } from './config.js';
import { RefusedError } from './failures.js';
import { factsOf, OBJECT_NAMES, type ObjectFacts } from './objects.js';
import { freshDefinitions, isReadOnly } from './properties.js';
import { stateOf } from './state.js';

export async function check(ctx: HubSpotContext): Promise<readonly CheckItem[]> {
  const api = hubspotApi(ctx);
  const credentials = await checkCredentials(ctx, api);
  if (credentials.status === 'failed') return [credentials];
  const scopes = await checkScopes(api);
  return [credentials, scopes, await checkReach(api), checkLimits(ctx), await checkHubId(ctx, api)];
}

async function checkCredentials(ctx: HubSpotContext, api: HubSpotApi): Promise<CheckItem> {
  const name = 'credentials';
  try {
    const { portalId } = await fetchAccount(ctx, api);
    const kind = isOAuth(ctx.credentials) ? 'OAuth app' : 'access token';
    return { name, status: 'ok', message: `The ${kind} is valid for HubSpot account ${portalId}.` };
  } catch (error) {
    // A token that may not ask about the account may still be good for all that is needed.
    if (error instanceof RefusedError || (error instanceof ConnectorError && error.kind === 'permission'))
      return { name, status: 'ok', message: 'HubSpot accepts the token.' };
    if (error instanceof ConnectorError && error.kind === 'transient') return outOfReach(ctx, error);
    return failed(name, error);
  }
}

/** Nothing is known of the token while nobody answers. */
function outOfReach(ctx: HubSpotContext, { message }: ConnectorError): CheckItem {
  const { baseUrl } = ctx.settings;
  return {
    name: 'reach',
    status: 'failed',
    message,
    remedy: `See that this machine may reach ${baseUrl}, that \`settings.baseUrl\` is right, and that HubSpot is up.`,
  };
}

/** Many keep no deals in HubSpot, or sync none: what is wrong with them is a warning. */
function isNeeded({ object }: ObjectFacts): boolean {
  return object !== 'deal';
}

/** Harmless calls that HubSpot refuses only for want of the scope. */
const PROBES: readonly {
  readonly scope: string;
  readonly needed: boolean;
  readonly probe: (api: HubSpotApi) => Promise<unknown>;
}[] = [
  ...OBJECT_NAMES.map(factsOf).flatMap((facts) => [
    {
      scope: `crm.objects.${facts.scope}.read`,
      needed: isNeeded(facts),
      probe: (api: HubSpotApi) => readOne(api, facts),
    },
    {
      scope: `crm.objects.${facts.scope}.write`,
      needed: isNeeded(facts),
      // No inputs: nothing to write, whatever HubSpot says to that.
      probe: (api: HubSpotApi) =>
        api.request('POST', `/crm/v3/objects/${facts.plural}/batch/update`, { inputs: [] }),
    },
    {
      scope: `crm.schemas.${facts.scope}.read`,
      needed: isNeeded(facts),
      probe: (api: HubSpotApi) => api.properties(facts),
    },
  ]),
  {
    scope: 'crm.objects.owners.read',
    needed: false,
    probe: (api) => api.owners({ archived: false, after: undefined }),
  },
];

async function checkScopes(api: HubSpotApi): Promise<CheckItem> {
  const missing: { readonly scope: string; readonly needed: boolean }[] = [];
  for (const { scope, needed, probe } of PROBES) {
    try {
      await probe(api);
    } catch (error) {
      if (error instanceof RefusedError) continue;
      if (!(error instanceof ConnectorError) || error.kind !== 'permission') return failed('scopes', error);
      missing.push({ scope, needed });
    }
  }
  const name = 'scopes';
  if (missing.length === 0)
    return { name, status: 'ok', message: 'The token has all the scopes that are needed.' };
  const list = missing.map(({ scope }) => scope).join(', ');
  return {
    name,
    status: missing.some(({ needed }) => needed) ? 'failed' : 'warning',
    message: `The token lacks scopes: ${list}.`,
    remedy:
      'Add them to the app or key in HubSpot; an OAuth app must be installed again afterwards. Without the owners scope owners are left out; without those of deals, deals cannot be synced; without a write scope choose the direction `pull`.',
  };
}

async function checkReach(api: HubSpotApi): Promise<CheckItem> {
  const name = 'reach';
  const counts: string[] = [];
  for (const facts of OBJECT_NAMES.map(factsOf)) {
    try {
      const { total } = await api.objects.search(facts, {
        filters: [],
        sort: 'hs_object_id',
        properties: [facts.modified],
        limit: 1,
      });
      counts.push(`${String(total)} ${facts.plural}`);
    } catch (error) {
      if (isNeeded(facts)) return failed(name, error);
    }
  }
  return { name, status: 'ok', message: `HubSpot answers: ${counts.join(', ')}.` };
}

function readOne(api: HubSpotApi, facts: ObjectFacts): Promise<unknown> {
  return api.objects.list(facts, { after: null, limit: 1, properties: [facts.modified] });
}

function checkLimits(ctx: HubSpotContext): CheckItem {
  const name = 'limits';
  const { max, intervalMs, daily, dailyRemaining } = stateOf(ctx).quota;
  const burst =
    max === undefined
      ? ''
      : ` ${String(max)} calls are allowed in ${String((intervalMs ?? 10_000) / 1000)} seconds.`;
  if (daily === undefined || dailyRemaining === undefined)
    return { name, status: 'ok', message: `HubSpot tells of no daily limit for this token.${burst}` };
  const message = `${String(dailyRemaining)} of ${String(daily)} API calls are left today.${burst}`;
  if (dailyRemaining > daily / 10) return { name, status: 'ok', message };
  return {
    name,
    status: 'warning',
    message,
    remedy: 'Sync less often, look what else uses the account, or raise the API limit in HubSpot.',
  };
}

async function checkHubId(ctx: HubSpotContext, api: HubSpotApi): Promise<CheckItem> {
  const name = 'hub-id-field';
  const property = ctx.settings.hubIdProperty;
  const howTo =
    'In HubSpot, Settings → Properties, make a "Single-line text" property for contacts, one for companies and, if deals are synced, one for deals with the same internal name (such as rapport_id), tick "Require unique values for this property", and name it in `settings.hubIdProperty`.';
  if (property === undefined)
    return {
      name,
      status: 'warning',
      message:
        "No property for the hub's id is set: after a lost answer new records are looked up by e-mail or values.",
      remedy: howTo,
    };
  for (const facts of OBJECT_NAMES.map(factsOf)) {
    try {
      const definition = (await freshDefinitions(ctx, api, facts)).get(property);
      const problem =
        definition === undefined
          ? 'does not exist'
          : definition.hasUniqueValue !== true
            ? 'does not require unique values, which can be set only when it is made'
            : isReadOnly(definition)
              ? 'can not be written'
              : undefined;
      if (problem !== undefined)
        return {
          name,
          status: isNeeded(facts) ? 'failed' : 'warning',
          message: `The property ${property} of ${facts.plural} ${problem}.`,
          remedy: howTo,
        };
    } catch (error) {
      if (isNeeded(facts)) return failed(name, error);
    }
  }
  return { name, status: 'ok', message: `New records are made by upsert on ${property}.` };
}

function failed(name: string, error: unknown): CheckItem {
  if (error instanceof ConnectorError)
    return { name, status: 'failed', message: error.message, remedy: error.remedy };
  if (error instanceof RefusedError)
    return {
      name,
      status: 'failed',
      message: `HubSpot refuses (HTTP ${String(error.status)}).`,
      remedy: 'Check the API address in the settings of the connection.',
    };
  throw error;
}
