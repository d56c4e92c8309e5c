/** Associations of contacts with companies, v4: https://developers.hubspot.com/docs/api-reference/legacy/crm/associations */
import * as sdk from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import type { HubSpotContext } from './config.js';
import { associationsLibrary } from './http-library.js';
import { model } from './model.js';
import { unexpected } from './record.js';
import { parseVendorError, type VendorError } from './vendor-error.js';

/** HubSpot's own type "primary company" of a contact. */
const PRIMARY_COMPANY_TYPE = 1;

export interface ContactLinks {
  readonly contactId: string;
  readonly companies: readonly { readonly id: string; readonly primary: boolean }[];
  /** There are more companies than one answer holds. */
  readonly next: string | null;
}

export interface Pair {
  readonly contactId: string;
  readonly companyId: string;
}

export interface AssociationsClient {
  /** At most 1,000 contacts. Those without a company come as an error, or not at all. */
  read(inputs: readonly { readonly id: string; readonly after?: string }[]): Promise<{
    readonly links: readonly ContactLinks[];
    readonly errors: readonly VendorError[];
  }>;
  /** Makes the company the contact's primary one; at most 2,000 pairs. Answers with the contacts done. */
  setPrimary(pairs: readonly Pair[]): Promise<{
    readonly done: ReadonlySet<string>;
    readonly errors: readonly VendorError[];
  }>;
  /** Removes all that links each pair; at most 2,000. */
  remove(pairs: readonly Pair[]): Promise<void>;
}

export function associationsClient(ctx: HubSpotContext): AssociationsClient {
  const batch = new sdk.BatchApi(
    sdk.createConfiguration({
      baseServer: new sdk.ServerConfiguration(ctx.settings.baseUrl.replace(/\/+$/, ''), {}),
      httpApi: associationsLibrary(ctx),
    }),
  );
  return {
    read: async (inputs) => {
      const models = inputs.map((input) => model(sdk.PublicFetchAssociationsBatchRequest, input));
      const type = sdk.BatchInputPublicFetchAssociationsBatchRequest;
      const answer = await batch.getPage('contacts', 'companies', model(type, { inputs: models }));
      return { links: listOf(answer).map(linksOf), errors: errorsOf(answer) };
    },
    setPrimary: async (pairs) => {
      const primary = model(sdk.AssociationSpec, {
        associationCategory: sdk.AssociationSpecAssociationCategoryEnum.HubspotDefined,
        associationTypeId: PRIMARY_COMPANY_TYPE,
      });
      const models = pairs.map(({ contactId, companyId }) =>
        model(sdk.PublicAssociationMultiPost, {
          _from: idOf(contactId),
          to: idOf(companyId),
          types: [primary],
        }),
      );
      const type = sdk.BatchInputPublicAssociationMultiPost;
      const answer = await batch.create('contacts', 'companies', model(type, { inputs: models }));
      const done = listOf(answer).map((result) =>
        String((result as { fromObjectId?: unknown }).fromObjectId),
      );
      return { done: new Set(done), errors: errorsOf(answer) };
    },
    remove: async (pairs) => {
      const models = pairs.map(({ contactId, companyId }) =>
        model(sdk.PublicAssociationMultiArchive, { _from: idOf(contactId), to: [idOf(companyId)] }),
      );
      const type = sdk.BatchInputPublicAssociationMultiArchive;
      await batch.archive('contacts', 'companies', model(type, { inputs: models }));
    },
  };
}

function idOf(id: string): sdk.PublicObjectId {
  return model(sdk.PublicObjectId, { id });
}

function listOf(answer: { readonly results: unknown }): readonly object[] {
  const { results } = answer;
  if (!Array.isArray(results)) throw unexpected('a list of associations');
  return results.filter((result: unknown): result is object => typeof result === 'object' && result !== null);
}

function errorsOf(answer: object): readonly VendorError[] {
  const errors = 'errors' in answer && Array.isArray(answer.errors) ? answer.errors : [];
  return errors.map((error: unknown) => parseVendorError(error));
}

/** Ids come as numbers from some versions of the API, as texts from others. */
function linksOf(result: object): ContactLinks {
  const { _from, to, paging } = result as {
    readonly _from?: { readonly id?: unknown };
    readonly to?: readonly {
      readonly toObjectId?: unknown;
      readonly associationTypes?: readonly { readonly typeId?: unknown; readonly category?: unknown }[];
    }[];
    readonly paging?: { readonly next?: { readonly after?: string } };
  };
  return {
    contactId: String(_from?.id),
    companies: (to ?? []).map(({ toObjectId, associationTypes }) => ({
      id: String(toObjectId),
      primary: (associationTypes ?? []).some(
        ({ typeId, category }) => Number(typeId) === PRIMARY_COMPANY_TYPE && category === 'HUBSPOT_DEFINED',
      ),
    })),
    next: paging?.next?.after ?? null,
  };
}
