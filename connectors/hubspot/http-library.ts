/**
 * Puts the hub's HTTP under HubSpot's client. Its generated APIs take an `HttpLibrary`; each package of them has
 * classes of its own that TypeScript tells apart, hence one small function for each.
 */
import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import * as contacts from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import * as owners from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import * as pipelines from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js';
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { accessToken } from './auth.js';
import type { HubSpotContext } from './config.js';
import { relay } from './relay.js';

export function objectsLibrary(ctx: HubSpotContext): objects.HttpLibrary {
  return objects.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request, accessToken);
      return new objects.ResponseContext(status, headers, body);
    },
  });
}

export function contactsLibrary(ctx: HubSpotContext): contacts.HttpLibrary {
  return contacts.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request, accessToken);
      return new contacts.ResponseContext(status, headers, body);
    },
  });
}

export function associationsLibrary(ctx: HubSpotContext): associations.HttpLibrary {
  return associations.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request, accessToken);
      return new associations.ResponseContext(status, headers, body);
    },
  });
}

export function propertiesLibrary(ctx: HubSpotContext): properties.HttpLibrary {
  return properties.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request, accessToken);
      return new properties.ResponseContext(status, headers, body);
    },
  });
}

export function ownersLibrary(ctx: HubSpotContext): owners.HttpLibrary {
  return owners.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request, accessToken);
      return new owners.ResponseContext(status, headers, body);
    },
  });
}

export function pipelinesLibrary(ctx: HubSpotContext): pipelines.HttpLibrary {
  return pipelines.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request, accessToken);
      return new pipelines.ResponseContext(status, headers, body);
    },
  });
}
