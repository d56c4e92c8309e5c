/** A connector for an imaginary phone book, small enough to read in one go: docs/writing-a-connector.md shows it. */
import { z } from 'zod';
import {
  ConnectorError,
  defineConnector,
  TransportError,
  type ConnectorContext,
  type FailureKind,
  type HttpResponse,
  type PushOperation,
  type PushOutcome,
  type SourceRecord,
} from '../../src/sdk/index.js';

const settings = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).meta({ title: 'Address', examples: ['https://book.example.com'] }),
});
const credentials = z.strictObject({ token: z.string().min(1).meta({ title: 'Token', secret: true }) });

/** Number of the last change that was read. */
const cursor = z.strictObject({ after: z.int().min(0) });

type Context = ConnectorContext<z.output<typeof settings>, z.output<typeof credentials>>;

const entrySchema = z.object({
  id: z.string(),
  change: z.int(),
  changedAt: z.iso.datetime(),
  deleted: z.boolean().default(false),
  name: z.string().nullable(),
  mail: z.string().nullable(),
  tel: z.string().nullable(),
});
type Entry = z.output<typeof entrySchema>;
const pageSchema = z.object({ entries: z.array(entrySchema), more: z.boolean() });

export default defineConnector<
  z.output<typeof settings>,
  z.output<typeof credentials>,
  z.output<typeof cursor>
>({
  sdk: 1,
  name: 'phonebook',
  title: 'Phone book',
  settings,
  credentials,
  cursor,
  limits: [{ bucket: 'default', calls: 10, perMs: 1_000 }],

  objects: () => [
    {
      object: 'person',
      title: 'Person',
      entity: 'customer',
      mapping: [
        { field: 'familyName', property: 'name', direction: 'both' },
        { field: 'email', property: 'mail', direction: 'both' },
        { field: 'phone', property: 'tel', direction: 'both' },
      ],
      requiredToCreate: [['familyName']],
      creatable: true,
      batch: { read: 100, push: 50 },
    },
  ],

  check: async (ctx) => {
    await call(ctx, 'GET', '/entries?after=0&limit=1');
    return [{ name: 'credentials', status: 'ok', message: 'The phone book answers and takes the token.' }];
  },

  discover: () =>
    Promise.resolve([
      {
        object: 'person',
        title: 'Person',
        properties: [
          {
            name: 'name',
            title: 'Name',
            type: 'string',
            maxLength: 80,
            writable: true,
            required: true,
            custom: false,
          },
          { name: 'mail', title: 'E-mail', type: 'email', writable: true, required: false, custom: false },
          { name: 'tel', title: 'Phone', type: 'phone', writable: true, required: false, custom: false },
        ],
      },
    ]),

  pull: async function* (ctx, request) {
    let after = request.cursor?.after ?? 0;
    for (;;) {
      const readAt = ctx.clock.now();
      const page = parsed(pageSchema, await call(ctx, 'GET', `/entries?after=${String(after)}&limit=100`));
      after = page.entries.at(-1)?.change ?? after;
      const [gone, live] = [
        page.entries.filter((one) => one.deleted),
        page.entries.filter((one) => !one.deleted),
      ];
      yield {
        records: live.map(recordOf),
        tombstones: gone.map((one) => ({ id: one.id, deletedAt: one.changedAt })),
        cursor: { after },
        readAt,
      };
      if (!page.more) return;
    }
  },

  push: async (ctx, { operations }) => {
    const outcomes: PushOutcome[] = [];
    for (const operation of operations) {
      try {
        outcomes.push(await pushOne(ctx, operation));
      } catch (error) {
        // Throwing says that nothing was sent: only the first may. Once some were, the rest is left for another time.
        if (outcomes.length === 0 || !(error instanceof ConnectorError)) throw error;
        outcomes.push({ key: operation.key, status: 'retry', code: error.code, message: error.message });
      }
    }
    return outcomes;
  },
});

async function pushOne(ctx: Context, operation: PushOperation): Promise<PushOutcome> {
  const { key } = operation;
  let response: HttpResponse;
  try {
    response = await send(ctx, operation);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.sent) return { key, status: 'unknown', message: 'No answer came.' };
    return { key, status: 'retry', code: 'NOT_SENT', message: 'The phone book cannot be reached.' };
  }
  // It may have been applied before it failed.
  if (response.status >= 500) return { key, status: 'unknown', message: 'The phone book failed.' };
  if (response.status === 410) return { key, status: 'gone' };
  if (response.status === 422) {
    const { property, reason } = parsed(z.object({ property: z.string(), reason: z.string() }), response);
    const message = `The phone book does not take the value of ${property}.`;
    const rejection = {
      code: 'REFUSED_VALUE',
      property,
      message,
      remedy: 'Correct the value.',
      detail: reason,
    };
    return { key, status: 'rejected', rejections: [rejection] };
  }
  refuseUnlessOk(ctx, response);
  if (operation.kind === 'archive') return { key, status: 'stored', id: operation.id, values: {} };
  const { id, values, modifiedAt } = recordOf(parsed(entrySchema, response));
  return { key, status: 'stored', id, values, modifiedAt };
}

/** New entries are made by upsert on the hub's id, so that a lost answer can never make a second one. */
async function send(ctx: Context, operation: PushOperation): Promise<HttpResponse> {
  switch (operation.kind) {
    case 'create':
      return request(ctx, 'PUT', `/entries/by-ref/${operation.hubId}`, operation.values);
    case 'update':
      return request(ctx, 'PATCH', `/entries/${operation.id}`, operation.values);
    case 'archive':
      return request(ctx, 'DELETE', `/entries/${operation.id}`);
  }
}

function recordOf({ id, change, changedAt, name, mail, tel }: Entry): SourceRecord {
  return { id, values: { name, mail, tel }, modifiedAt: changedAt, version: String(change) };
}

/** A read: what stands in its way is told in the hub's kinds of failure. */
async function call(ctx: Context, method: string, path: string): Promise<HttpResponse> {
  try {
    const response = await request(ctx, method, path);
    refuseUnlessOk(ctx, response);
    return response;
  } catch (error) {
    if (!(error instanceof TransportError) || error.code === 'aborted') throw error;
    throw failure('transient', 'UNREACHABLE', 'The phone book cannot be reached.', { cause: error });
  }
}

async function request(ctx: Context, method: string, path: string, body?: object): Promise<HttpResponse> {
  return ctx.http.send({
    method,
    url: ctx.settings.baseUrl.replace(/\/$/, '') + path,
    headers: { authorization: `Bearer ${ctx.credentials.token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const BY_STATUS: Readonly<Record<number, readonly [FailureKind, code: string, message: string]>> = {
  401: ['credentials', 'BAD_TOKEN', 'The phone book does not take the token.'],
  403: ['permission', 'NOT_ALLOWED', 'The token may not do this.'],
  429: ['throttled', 'TOO_MANY_CALLS', 'The phone book asks to wait.'],
};

function refuseUnlessOk(ctx: Context, { status, headers }: HttpResponse): void {
  if (status >= 200 && status < 300) return;
  const [kind, code, message] = BY_STATUS[status] ?? [
    status >= 500 ? 'transient' : 'system',
    `HTTP_${String(status)}`,
    'The phone book failed.',
  ];
  const retryAt = ctx.clock.now() + Number(headers['retry-after'] ?? 5) * 1_000;
  throw failure(kind, code, message, kind === 'throttled' ? { retryAt } : {});
}

function parsed<T>(schema: z.ZodType<T>, response: HttpResponse): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(response.body)));
  } catch (cause) {
    throw failure('system', 'UNEXPECTED_ANSWER', 'The phone book answers something else than documented.', {
      cause,
    });
  }
}

function failure(
  kind: FailureKind,
  code: string,
  message: string,
  more: { readonly retryAt?: number; readonly cause?: unknown },
): ConnectorError {
  const remedy = {
    credentials: 'Enter a new token.',
    permission: 'Give the token the right to read and write.',
  };
  return new ConnectorError({
    kind,
    code,
    message,
    remedy:
      kind === 'credentials' || kind === 'permission' ? remedy[kind] : 'Nothing to do: it is tried again.',
    ...more,
  });
}
