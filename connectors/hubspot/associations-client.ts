/** Associations, v4: https://developers.hubspot.com/docs/api-reference/legacy/crm/associations */
import * as sdk from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import type { HubSpotContext } from './config.js';
import { associationsLibrary } from './http-library.js';
import type { LinkFacts } from './links.js';
import { model } from './model.js';
import type { ObjectFacts } from './objects.js';
import { unexpected } from './record.js';
import { parseVendorError, type VendorError } from './vendor-error.js';

export interface FoundLinks {
  readonly from: string;
  /** Ids at the other end, of a primary link only the primary one. */
  readonly to: readonly string[];
  /** There are more than one answer holds. */
  readonly next: string | null;
}

export interface Pair {
  readonly from: string;
  readonly to: string;
}

/** From which records to which. */
export interface LinkPath {
  readonly facts: ObjectFacts;
  readonly link: LinkFacts;
}

export interface AssociationsClient {
  /** At most 1,000 records. Those without a link come as an error, or not at all. */
  read(
    path: LinkPath,
    inputs: readonly { readonly id: string; readonly after?: string }[],
  ): Promise<{ readonly links: readonly FoundLinks[]; readonly errors: readonly VendorError[] }>;
  /** Links each pair by the type of the link; at most 2,000. Answers with the pairs done. */
  create(
    path: LinkPath,
    pairs: readonly Pair[],
  ): Promise<{ readonly done: ReadonlySet<string>; readonly errors: readonly VendorError[] }>;
  /** Removes all that links each pair; at most 2,000. */
  remove(path: LinkPath, pairs: readonly Pair[]): Promise<void>;
}

export function pairKey({ from, to }: Pair): string {
  return `${from} ${to}`;
}

export function associationsClient(ctx: HubSpotContext): AssociationsClient {
  const batch = new sdk.BatchApi(
    sdk.createConfiguration({
      baseServer: new sdk.ServerConfiguration(ctx.settings.baseUrl.replace(/\/+$/, ''), {}),
      httpApi: associationsLibrary(ctx),
    }),
  );
  return {
    read: async ({ facts, link }, inputs) => {
      const models = inputs.map((input) => model(sdk.PublicFetchAssociationsBatchRequest, input));
      const type = sdk.BatchInputPublicFetchAssociationsBatchRequest;
      const answer = await batch.getPage(facts.plural, link.toPlural, model(type, { inputs: models }));
      return { links: listOf(answer).map((one) => linksOf(one, link)), errors: errorsOf(answer) };
    },
    create: async ({ facts, link }, pairs) => {
      const spec = model(sdk.AssociationSpec, {
        associationCategory: sdk.AssociationSpecAssociationCategoryEnum.HubspotDefined,
        associationTypeId: link.typeId,
      });
      const models = pairs.map(({ from, to }) =>
        model(sdk.PublicAssociationMultiPost, { _from: idOf(from), to: idOf(to), types: [spec] }),
      );
      const type = sdk.BatchInputPublicAssociationMultiPost;
      const answer = await batch.create(facts.plural, link.toPlural, model(type, { inputs: models }));
      return { done: new Set(listOf(answer).map(doneKey)), errors: errorsOf(answer) };
    },
    remove: async ({ facts, link }, pairs) => {
      const models = pairs.map(({ from, to }) =>
        model(sdk.PublicAssociationMultiArchive, { _from: idOf(from), to: [idOf(to)] }),
      );
      const type = sdk.BatchInputPublicAssociationMultiArchive;
      await batch.archive(facts.plural, link.toPlural, model(type, { inputs: models }));
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

function doneKey(result: object): string {
  const { fromObjectId, toObjectId } = result as {
    readonly fromObjectId?: unknown;
    readonly toObjectId?: unknown;
  };
  return pairKey({ from: String(fromObjectId), to: String(toObjectId) });
}

/** Ids come as numbers from some versions of the API, as texts from others. */
function linksOf(result: object, link: LinkFacts): FoundLinks {
  const { _from, to, paging } = result as {
    readonly _from?: { readonly id?: unknown };
    readonly to?: readonly {
      readonly toObjectId?: unknown;
      readonly associationTypes?: readonly { readonly typeId?: unknown; readonly category?: unknown }[];
    }[];
    readonly paging?: { readonly next?: { readonly after?: string } };
  };
  const counts = (types: readonly { readonly typeId?: unknown; readonly category?: unknown }[]): boolean =>
    link.kind === 'list' ||
    types.some(({ typeId, category }) => Number(typeId) === link.typeId && category === 'HUBSPOT_DEFINED');
  return {
    from: String(_from?.id),
    to: (to ?? []).flatMap(({ toObjectId, associationTypes }) =>
      counts(associationTypes ?? []) ? [String(toObjectId)] : [],
    ),
    next: paging?.next?.after ?? null,
  };
}
