/** CRM records through the client's objects API. Takes and gives plain data. */
import * as sdk from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import type { HubSpotContext } from './config.js';
import { RefusedError } from './failures.js';
import { objectsLibrary } from './http-library.js';
import { model } from './model.js';
import type { ObjectFacts } from './objects.js';
import { recordOf, recordsOf, type HubSpotRecord } from './record.js';
import { parseVendorError, type VendorError } from './vendor-error.js';

export interface BatchAnswer {
  readonly records: readonly HubSpotRecord[];
  readonly errors: readonly VendorError[];
}

export interface ListPage {
  readonly records: readonly HubSpotRecord[];
  readonly next: string | null;
}

interface ListRequest {
  readonly after: string | null;
  readonly limit: number;
  readonly properties: readonly string[];
  readonly history?: readonly string[];
  /** Plurals of the records whose associations come along. */
  readonly associations?: readonly string[];
  readonly archived?: boolean;
}

interface BatchReadRequest {
  readonly ids: readonly string[];
  readonly properties: readonly string[];
  readonly history?: readonly string[];
  readonly archived?: boolean;
  readonly idProperty?: string;
}

export interface Filter {
  readonly property: string;
  readonly operator: 'GT' | 'GTE' | 'LTE' | 'EQ';
  readonly value: string;
}

interface SearchRequest {
  readonly filters: readonly Filter[];
  readonly sort: string;
  readonly properties: readonly string[];
  readonly limit: number;
}

interface WriteInput {
  readonly traceId: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface ObjectsClient {
  list(facts: ObjectFacts, request: ListRequest): Promise<ListPage>;
  /** null when there is no live record; one that was merged away answers with its survivor, under another id. */
  get(facts: ObjectFacts, id: string, properties: readonly string[]): Promise<HubSpotRecord | null>;
  batchRead(facts: ObjectFacts, request: BatchReadRequest): Promise<BatchAnswer>;
  search(
    facts: ObjectFacts,
    request: SearchRequest,
  ): Promise<{ total: number; records: readonly HubSpotRecord[] }>;
  create(facts: ObjectFacts, inputs: readonly WriteInput[]): Promise<BatchAnswer>;
  update(facts: ObjectFacts, inputs: readonly (WriteInput & { readonly id: string })[]): Promise<BatchAnswer>;
  upsert(
    facts: ObjectFacts,
    idProperty: string,
    inputs: readonly (WriteInput & { readonly id: string })[],
  ): Promise<BatchAnswer>;
  archive(facts: ObjectFacts, ids: readonly string[]): Promise<void>;
}

const OPERATORS = {
  GT: sdk.FilterOperatorEnum.Gt,
  GTE: sdk.FilterOperatorEnum.Gte,
  LTE: sdk.FilterOperatorEnum.Lte,
  EQ: sdk.FilterOperatorEnum.Eq,
} as const;

export function objectsClient(ctx: HubSpotContext): ObjectsClient {
  const configuration = sdk.createConfiguration({
    baseServer: new sdk.ServerConfiguration(ctx.settings.baseUrl.replace(/\/+$/, ''), {}),
    httpApi: objectsLibrary(ctx),
  });
  const basic = new sdk.BasicApi(configuration);
  const batch = new sdk.BatchApi(configuration);
  const finder = new sdk.SearchApi(configuration);
  return {
    list: async (facts, request) => {
      const page = await basic.getPage(
        facts.plural,
        request.limit,
        request.after ?? undefined,
        [...request.properties],
        request.history === undefined ? undefined : [...request.history],
        request.associations === undefined || request.associations.length === 0
          ? undefined
          : [...request.associations],
        request.archived ?? false,
      );
      return { records: recordsOf(page.results), next: page.paging?.next?.after ?? null };
    },
    get: async (facts, id, properties) => {
      try {
        return recordOf(await basic.getById(facts.plural, id, [...properties]));
      } catch (error) {
        if (error instanceof RefusedError && error.status === 404) return null;
        throw error;
      }
    },
    batchRead: async (facts, { ids, properties, history, archived, idProperty }) =>
      answerOf(
        await batch.read(
          facts.plural,
          model(sdk.BatchReadInputSimplePublicObjectId, {
            inputs: idsOf(ids),
            properties: [...properties],
            propertiesWithHistory: [...(history ?? [])],
            ...(idProperty === undefined ? {} : { idProperty }),
          }),
          archived ?? false,
        ),
      ),
    search: async (facts, { filters, sort, properties, limit }) => {
      const groups = filters.length === 0 ? [] : [model(sdk.FilterGroup, { filters: filters.map(filterOf) })];
      const answer = await finder.doSearch(
        facts.plural,
        model(sdk.PublicObjectSearchRequest, {
          filterGroups: groups,
          sorts: [sort],
          properties: [...properties],
          limit,
        }),
      );
      return { total: answer.total, records: recordsOf(answer.results) };
    },
    create: async (facts, inputs) => {
      const models = inputs.map(({ traceId, properties }) =>
        model(sdk.SimplePublicObjectBatchInputForCreate, {
          objectWriteTraceId: traceId,
          properties: { ...properties },
          associations: [],
        }),
      );
      const type = sdk.BatchInputSimplePublicObjectBatchInputForCreate;
      return answerOf(await batch.create(facts.plural, model(type, { inputs: models })));
    },
    update: async (facts, inputs) => {
      const models = inputs.map(({ id, traceId, properties }) =>
        model(sdk.SimplePublicObjectBatchInput, {
          id,
          objectWriteTraceId: traceId,
          properties: { ...properties },
        }),
      );
      const type = sdk.BatchInputSimplePublicObjectBatchInput;
      return answerOf(await batch.update(facts.plural, model(type, { inputs: models })));
    },
    upsert: async (facts, idProperty, inputs) => {
      const models = inputs.map(({ id, traceId, properties }) =>
        model(sdk.SimplePublicObjectBatchInputUpsert, {
          id,
          idProperty,
          objectWriteTraceId: traceId,
          properties: { ...properties },
        }),
      );
      const type = sdk.BatchInputSimplePublicObjectBatchInputUpsert;
      return answerOf(await batch.upsert(facts.plural, model(type, { inputs: models })));
    },
    archive: async (facts, ids) => {
      await batch.archive(facts.plural, model(sdk.BatchInputSimplePublicObjectId, { inputs: idsOf(ids) }));
    },
  };
}

function idsOf(ids: readonly string[]): sdk.SimplePublicObjectId[] {
  return ids.map((id) => model(sdk.SimplePublicObjectId, { id }));
}

function filterOf({ property, operator, value }: Filter): sdk.Filter {
  return model(sdk.Filter, { propertyName: property, operator: OPERATORS[operator], value });
}

function answerOf(answer: { readonly results: unknown }): BatchAnswer {
  const errors = 'errors' in answer && Array.isArray(answer.errors) ? answer.errors : [];
  return {
    records: recordsOf(answer.results),
    errors: errors.map((error: unknown) => parseVendorError(error)),
  };
}
