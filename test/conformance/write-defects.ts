/** Connectors that write badly, each in one way. */
import type { Connector, PushOutcome } from '../../src/sdk/index.js';
import { good, operations, outcomes, wire } from './bend.js';
import { ASTRAL, dropped, isKind, mapped, refused, refusing } from './wrong.js';

export const WRITE_DEFECTS: Readonly<Record<string, Connector>> = {
  'write-batch': {
    ...good,
    push: async (ctx, request) =>
      (await good.push?.(ctx, { ...request, operations: request.operations.slice(0, 10) })) ?? [],
  },
  'write-values': operations((operation) =>
    operation.kind === 'update'
      ? {
          ...operation,
          values: mapped(operation.values, (value) =>
            typeof value === 'string' ? value.replace(ASTRAL, '?') : value,
          ),
        }
      : operation,
  ),
  echo: outcomes((outcome, operation) =>
    outcome.status === 'stored' && operation.kind !== 'archive'
      ? { ...outcome, values: { ...outcome.values, ...operation.values } }
      : outcome,
  ),
  'custom-writes': operations((operation) =>
    operation.kind === 'update' ? { ...operation, values: dropped(operation.values, 'added') } : operation,
  ),
  'link-writes': operations((operation) =>
    operation.kind === 'update' && operation.values['company'] === null
      ? { ...operation, values: dropped(operation.values, 'company') }
      : operation,
  ),
  'bad-records': {
    ...good,
    push: async (ctx, request) => {
      const all = (await good.push?.(ctx, request)) ?? [];
      const bad = all.find(({ status }) => status === 'rejected');
      return bad === undefined ? all : all.map(({ key }) => ({ ...bad, key }));
    },
  },
  'conditional-update': operations((operation) =>
    operation.kind === 'update'
      ? { ...operation, values: { ...operation.previous, ...operation.values } }
      : operation,
  ),
  'write-gone': outcomes((outcome, { kind }) =>
    outcome.status === 'gone' && kind === 'update' ? refused(outcome.key) : outcome,
  ),
  archive: {
    ...good,
    push: async (ctx, request) => {
      const kept = request.operations.filter(({ kind }) => kind !== 'archive');
      const done = request.operations.flatMap((one): PushOutcome[] =>
        one.kind === 'archive' ? [{ key: one.key, status: 'stored', id: one.id, values: {} }] : [],
      );
      return [...done, ...((await good.push?.(ctx, { ...request, operations: kept })) ?? [])];
    },
  },
  conflict: outcomes((outcome) =>
    outcome.status === 'conflict' ? { ...outcome, existingId: 'somebody' } : outcome,
  ),

  'write-throttled': {
    ...good,
    push: async (ctx, request) => {
      try {
        return (await good.push?.(ctx, request)) ?? [];
      } catch (error) {
        if (isKind(error, 'throttled')) return request.operations.map(({ key }) => refused(key));
        throw error;
      }
    },
  },
  'write-expired': wire('push', () => async (request, send) => refusing(await send(request))),
  'write-refused': takingSentForMade(),
  'lost-create': outcomes((outcome, { kind }) =>
    outcome.status === 'unknown' && kind === 'create'
      ? { key: outcome.key, status: 'retry', code: 'AGAIN', message: 'No answer came.' }
      : outcome,
  ),
  'idempotent-create': operations((operation) => {
    if (operation.kind !== 'create') return operation;
    const { uncertainSince: _since, ...fresh } = operation;
    return fresh;
  }),
  'lost-update': outcomes((outcome, { kind }) =>
    outcome.status === 'unknown' && kind === 'update' ? refused(outcome.key) : outcome,
  ),
};

/** Once a create had no answer, it takes the next attempt for done without asking. */
function takingSentForMade(): Connector {
  const sent = new Set<string>();
  return {
    ...good,
    push: async (ctx, request) => {
      const again = request.operations.filter(
        (one) => one.kind === 'create' && one.uncertainSince === undefined && sent.has(one.hubId),
      );
      const rest = request.operations.filter((one) => !again.includes(one));
      const all = (await good.push?.(ctx, { ...request, operations: rest })) ?? [];
      for (const one of rest)
        if (one.kind === 'create' && all.some(({ key, status }) => key === one.key && status === 'unknown'))
          sent.add(one.hubId);
      return [
        ...all,
        ...again.map(({ key }): PushOutcome => ({ key, status: 'stored', id: key, values: {} })),
      ];
    },
  };
}
