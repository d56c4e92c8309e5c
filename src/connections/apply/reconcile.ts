/** What is configured, and what is asked for: what to do about it. Pure. */
import { ENTITIES } from '../../core/model/fields.js';
import type { ConfigPath } from '../../platform/config/index.js';
import type { Entity } from '../../sdk/index.js';
import type { ConnectionRow } from '../activate.js';
import type { Desired, DesiredConnection, DesiredRules } from './desired.js';
import { differences, isSame, type Difference } from './differences.js';

/** A connection as it stands, with what a person gave as secrets. */
export type StoredConnection = Pick<
  ConnectionRow,
  | 'id'
  | 'name'
  | 'connector'
  | 'settings'
  | 'schedule'
  | 'timeZone'
  | 'sync'
  | 'mapping'
  | 'limits'
  | 'position'
  | 'state'
> & {
  /** `unreadable`: sealed with a key that is gone. */
  readonly credentials: unknown;
  readonly webhooks: unknown;
};

export interface Stored {
  /** Without the hub's own. */
  readonly connections: readonly StoredConnection[];
  readonly rules: DesiredRules;
}

/** One line of what an apply does. Secrets are never in it. */
export interface AppliedChange {
  readonly what: 'connection' | 'rules';
  readonly name: string;
  readonly action: 'added' | 'changed' | 'removed' | 'restored';
  readonly details: readonly Difference[];
}

export type ConnectionOperation =
  | { readonly kind: 'add'; readonly to: DesiredConnection }
  /** Also brings back one that was removed, and starts again one that had failed. */
  | { readonly kind: 'change'; readonly from: StoredConnection; readonly to: DesiredConnection }
  | { readonly kind: 'move'; readonly from: StoredConnection; readonly to: DesiredConnection }
  | { readonly kind: 'remove'; readonly from: StoredConnection };

export interface ApplyPlan {
  readonly operations: readonly ConnectionOperation[];
  readonly changes: readonly AppliedChange[];
  /** Golden records may come out differently, or be wanted elsewhere. */
  readonly recompute: boolean;
  /** Records may be linked differently. */
  readonly rematch: boolean;
}

/** @param hidden places in the file, by connection, whose values came out of the environment */
export function reconcile(
  stored: Stored,
  desired: Desired,
  hidden: (connection: string, path: ConfigPath) => boolean,
): ApplyPlan {
  const byName = new Map(stored.connections.map((connection) => [connection.name, connection]));
  const wanted = new Set(desired.connections.map((connection) => connection.name));
  const steps = desired.connections.map((to) => stepFor(byName.get(to.name), to, hidden));
  const gone = stored.connections.filter((one) => one.state !== 'removed' && !wanted.has(one.name));
  const rules = differences(stored.rules, desired.rules);
  const operations: ConnectionOperation[] = [
    ...steps.flatMap((step) => step.operation ?? []),
    ...gone.map((from) => ({ kind: 'remove' as const, from })),
  ];
  return {
    operations,
    changes: [
      ...steps.flatMap((step) => step.change ?? []),
      ...gone.map(
        (from) => ({ what: 'connection', name: from.name, action: 'removed', details: [] }) as const,
      ),
      ...(rules.length > 0
        ? [{ what: 'rules', name: 'rules', action: 'changed', details: rules } as const]
        : []),
    ],
    recompute: rules.length > 0 || operations.some(affectsGolden),
    rematch: !isSame(stored.rules.matching, desired.rules.matching) || operations.some(affectsMatching),
  };
}

interface Step {
  readonly operation?: ConnectionOperation;
  readonly change?: AppliedChange;
}

function stepFor(
  from: StoredConnection | undefined,
  to: DesiredConnection,
  hidden: (connection: string, path: ConfigPath) => boolean,
): Step {
  const change = (action: AppliedChange['action'], details: readonly Difference[]): AppliedChange => ({
    what: 'connection',
    name: to.name,
    action,
    details,
  });
  const details = [
    ...differences(from === undefined ? {} : shownParts(from), shownParts(to), (path) =>
      hidden(to.name, path),
    ),
    ...secretDifference('credentials', from?.credentials, to.credentials),
    ...secretDifference('webhooks', from?.webhooks, to.webhooks),
  ];
  if (from === undefined) return { operation: { kind: 'add', to }, change: change('added', details) };
  if (from.state === 'removed')
    return { operation: { kind: 'change', from, to }, change: change('restored', details) };
  if (details.length > 0)
    return { operation: { kind: 'change', from, to }, change: change('changed', details) };
  return from.position === to.position ? {} : { operation: { kind: 'move', from, to } };
}

function shownParts(connection: DesiredConnection | StoredConnection): unknown {
  const { connector, settings, schedule, timeZone, sync, mapping, limits } = connection;
  return { connector, settings, schedule, timeZone, sync, mapping, limits };
}

function secretDifference(path: string, before: unknown, after: unknown): readonly Difference[] {
  const [had, has] = [isGiven(before), isGiven(after)];
  if (isSame(before ?? null, after ?? null) || (!had && !has)) return [];
  return [
    { path, before: had ? '(secret)' : null, after: has ? (had ? '(another secret)' : '(secret)') : null },
  ];
}

function isGiven(secret: unknown): boolean {
  return secret !== undefined && secret !== null && !isSame(secret, {});
}

function affectsGolden(operation: ConnectionOperation): boolean {
  switch (operation.kind) {
    case 'add':
    case 'remove':
    case 'move':
      return true;
    case 'change':
      return (
        operation.from.state === 'removed' ||
        operation.from.position !== operation.to.position ||
        !isSame(operation.from.sync, operation.to.sync) ||
        !isSame(operation.from.mapping, operation.to.mapping)
      );
  }
}

/** What was not written until now holds records that nobody has looked at. */
export function becomesWritable({ from, to }: Extract<ConnectionOperation, { kind: 'change' }>): boolean {
  const isWritten = ({ sync }: DesiredConnection | StoredConnection, entity: Entity): boolean =>
    ['push', 'both'].includes(sync[entity]?.direction ?? 'none');
  return (
    from.state === 'removed' ||
    (['customer', 'account', 'deal'] as const).some(
      (entity) => !isWritten(from, entity) && isWritten(to, entity),
    )
  );
}

/** Whether a system holds each person once says which records may be one. */
function affectsMatching(operation: ConnectionOperation): boolean {
  if (operation.kind !== 'change') return false;
  const { from, to } = operation;
  return ENTITIES.some(
    (entity) => (from.sync[entity]?.unique ?? false) !== (to.sync[entity]?.unique ?? false),
  );
}
