/** Everything a read or a push of one object needs to know before it starts. */
import { accountOf } from './account.js';
import { hubspotApi, type HubSpotApi } from './client.js';
import type { HubSpotContext } from './config.js';
import type { LinkFacts } from './links.js';
import { CURRENCY, factsOf, type ObjectFacts } from './objects.js';
import { ownersOf, type Owners } from './owners.js';
import { pipelinesOf, type Pipelines } from './pipelines.js';
import { definitionsOf, isOwner, type Definitions, type PropertyDefinition } from './properties.js';
import { warnOnce, type AccountInfo } from './state.js';

export interface Session {
  readonly ctx: HubSpotContext;
  readonly api: HubSpotApi;
  readonly facts: ObjectFacts;
  readonly definitions: Definitions;
  readonly owners: Owners;
  /** Of deals only. */
  readonly pipelines: Pipelines;
  /** What the hub wants of each record. */
  readonly wanted: Wanted;
  readonly account: AccountInfo | undefined;
}

export interface Wanted {
  /** Definitions of the wanted properties that exist. */
  readonly properties: readonly PropertyDefinition[];
  /** Names to ask HubSpot for: those, and what every record is read with. */
  readonly names: readonly string[];
  /** Wanted properties whose history tells when they changed. */
  readonly history: readonly string[];
  readonly links: readonly LinkFacts[];
}

const NOBODY: Owners = { emails: new Map(), ids: new Map() };

/** Asks HubSpot for definitions, owners and account only where memory has none. */
export async function openSession(
  ctx: HubSpotContext,
  object: string,
  properties: readonly string[],
): Promise<Session> {
  const api = hubspotApi(ctx);
  const facts = factsOf(object);
  const definitions = await definitionsOf(ctx, api, facts);
  const wanted = wantedOf(ctx, { facts, definitions, properties });
  const owners = wanted.properties.some(isOwner) ? await ownersOf(ctx, api) : NOBODY;
  const pipelines = facts.object === 'deal' ? await pipelinesOf(ctx, api) : [];
  const account = await accountOf(ctx, api);
  return { ctx, api, facts, definitions, owners, pipelines, wanted, account };
}

function wantedOf(
  ctx: HubSpotContext,
  given: {
    readonly facts: ObjectFacts;
    readonly definitions: Definitions;
    readonly properties: readonly string[];
  },
): Wanted {
  const { facts, definitions } = given;
  const links = facts.links.filter((link) => given.properties.includes(link.property));
  const asked = given.properties.filter((name) => !links.some((link) => link.property === name));
  const properties = [...new Set(asked)].flatMap((name) => {
    const definition = definitions.get(name) ?? stoodInFor(facts, name);
    if (definition !== undefined) return [definition];
    warnOnce(ctx, 'a mapped property does not exist in HubSpot and is left out', {
      object: facts.object,
      property: name,
    });
    return [];
  });
  const names = properties.map((definition) => definition.name);
  const merged = facts.merged.filter((name) => definitions.has(name));
  return {
    properties,
    names: [...new Set([...names, facts.modified, ...merged])],
    history: names.filter((name) => definitions.has(name)),
    links,
  };
}

/** An account with one currency may have no property for it: its deals are in that currency all the same. */
function stoodInFor(facts: ObjectFacts, name: string): PropertyDefinition | undefined {
  return facts.object === 'deal' && name === CURRENCY
    ? { name, label: name, type: 'enumeration', fieldType: 'select', options: [] }
    : undefined;
}
