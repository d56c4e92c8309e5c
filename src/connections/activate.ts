import { z } from 'zod';
import type { Connector, Entity } from '../sdk/index.js';
import type { MappingOverride } from '../core/mapping/index.js';
import type { ActiveConnection, EntityPolicy, KeyedHash } from './active-connection.js';
import { setUpObject } from './object-setup.js';

/** A row of `connection`, without secrets. */
export interface ConnectionRow {
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  readonly settings: unknown;
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly sync: Partial<Record<Entity, StoredPolicy>>;
  readonly mapping: Partial<Record<Entity, readonly MappingOverride[]>>;
  readonly position: number;
  readonly state: ActiveConnection['state'];
  readonly clockOffsetMs: number;
  readonly limits: { readonly dailyCallsPercent?: number };
}

/** Policies stored before there was a word on erasing say nothing of it. */
type StoredPolicy = Omit<EntityPolicy, keyof typeof ERASING> & Partial<EntityPolicy>;

const ERASING = { onErase: 'delete', onErased: 'ask' } as const;

/** Stands in for a connector that is not there: its records keep their claims, nothing is read or written. */
function absentConnector(name: string): Connector {
  return {
    sdk: 1,
    name,
    title: name,
    settings: z.unknown(),
    credentials: z.unknown(),
    cursor: z.unknown(),
    objects: () => [],
    check: () =>
      Promise.resolve([
        {
          name: 'connector',
          status: 'failed' as const,
          message: `The connector "${name}" is not there or could not be loaded.`,
          remedy: 'See `rapport connectors` for what is wrong with it.',
        },
      ]),
    discover: () => Promise.resolve([]),
    pull: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
    }),
  };
}

/** A stored connection and its connector as one thing to work with. */
export function activate(
  row: ConnectionRow,
  found: Connector | undefined,
  keyedHash: KeyedHash,
): ActiveConnection {
  const connector = found ?? absentConnector(row.connector);
  const parsed = connector.settings.safeParse(row.settings);
  const settings = parsed.success ? parsed.data : row.settings;
  // Settings that this version of the connector does not understand: `check` tells, nothing is read or written.
  const declared = parsed.success ? connector.objects(settings) : [];
  const objects = declared.flatMap((declaration) => {
    const policy = row.sync[declaration.entity];
    if (policy === undefined || policy.direction === 'none') return [];
    return [setUpObject(declaration, { ...ERASING, ...policy }, row.mapping[declaration.entity] ?? [])];
  });
  return {
    id: row.id,
    name: row.name,
    connector,
    settings,
    position: row.position,
    state: row.state,
    clockOffsetMs: row.clockOffsetMs,
    limits: { dailyCallsPercent: row.limits.dailyCallsPercent ?? null },
    schedule: row.schedule,
    timeZone: row.timeZone,
    objects,
    keyedHash,
  };
}
