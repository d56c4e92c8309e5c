/** HubSpot's client, over the hub's HTTP: the calls this connector makes, each in plain data. */
import {
  OwnersApi,
  ServerConfiguration as OwnersServer,
  createConfiguration as configureOwners,
} from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import {
  CoreApi,
  ServerConfiguration as PropertiesServer,
  createConfiguration as configureProperties,
} from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import {
  PipelinesApi,
  ServerConfiguration as PipelinesServer,
  createConfiguration as configurePipelines,
} from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js';
import { associationsClient, type AssociationsClient } from './associations-client.js';
import { accessToken } from './auth.js';
import type { HubSpotContext } from './config.js';
import { ownersLibrary, pipelinesLibrary, propertiesLibrary } from './http-library.js';
import { objectsClient, type ObjectsClient } from './objects-client.js';
import type { ObjectFacts } from './objects.js';
import { send } from './transport.js';

export interface HubSpotApi {
  readonly objects: ObjectsClient;
  readonly associations: AssociationsClient;
  /** Definitions of all properties of an object, unchecked. */
  properties(facts: ObjectFacts): Promise<unknown>;
  /** All pipelines of deals with their stages, unchecked. */
  dealPipelines(): Promise<unknown>;
  /** One page of owners, unchecked. */
  owners(request: { readonly archived: boolean; readonly after: string | undefined }): Promise<{
    readonly results: unknown;
    readonly next: string | undefined;
  }>;
  /** For addresses that the client has no method for. */
  request(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>;
}

export function hubspotApi(ctx: HubSpotContext): HubSpotApi {
  const base = ctx.settings.baseUrl.replace(/\/+$/, '');
  const propertiesApi = new CoreApi(
    configureProperties({ baseServer: new PropertiesServer(base, {}), httpApi: propertiesLibrary(ctx) }),
  );
  const ownersApi = new OwnersApi(
    configureOwners({ baseServer: new OwnersServer(base, {}), httpApi: ownersLibrary(ctx) }),
  );
  const pipelinesApi = new PipelinesApi(
    configurePipelines({ baseServer: new PipelinesServer(base, {}), httpApi: pipelinesLibrary(ctx) }),
  );
  return {
    objects: objectsClient(ctx),
    associations: associationsClient(ctx),
    properties: async (facts) => (await propertiesApi.getAll(facts.plural, false)).results,
    dealPipelines: async () => (await pipelinesApi.getAll('deals')).results,
    owners: async ({ archived, after }) => {
      const page = await ownersApi.getPage(undefined, after, 100, archived);
      return { results: page.results, next: page.paging?.next?.after };
    },
    request: async (method, path, body) => {
      const call = {
        method,
        url: `${base}${path}`,
        headers: {
          Accept: 'application/json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const response = await send(ctx, call, accessToken);
      const answer: unknown =
        response.status === 204 ? undefined : JSON.parse(Buffer.from(response.body).toString('utf8'));
      return answer;
    },
  };
}
