/** The hub's HTTP under the part of HubSpot's client that asks for tokens. */
import * as oauth from '@hubspot/api-client/lib/codegen/oauth/index.js';
import type { HubSpotContext } from './config.js';
import { relay } from './relay.js';

export function oauthLibrary(ctx: HubSpotContext): oauth.HttpLibrary {
  return oauth.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request);
      return new oauth.ResponseContext(status, headers, body);
    },
  });
}
