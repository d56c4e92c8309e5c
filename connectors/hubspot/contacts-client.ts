/** What the client can do with contacts only. */
import * as sdk from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import type { HubSpotContext } from './config.js';
import { contactsLibrary } from './http-library.js';
import { model } from './model.js';

/**
 * Deletes a contact for good, with its content, as privacy laws ask for. Cannot be undone.
 * https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/basic/post-crm-v3-objects-contacts-gdpr-delete
 */
export async function purgeContact(ctx: HubSpotContext, id: string): Promise<void> {
  const configuration = sdk.createConfiguration({
    baseServer: new sdk.ServerConfiguration(ctx.settings.baseUrl.replace(/\/+$/, ''), {}),
    httpApi: contactsLibrary(ctx),
  });
  await new sdk.BasicApi(configuration).purge(model(sdk.PublicGdprDeleteInput, { objectId: id }));
}
