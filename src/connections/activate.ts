import { z } from 'zod';
import { ConnectorError, type Connector, type Entity, type ObjectDeclaration } from '../sdk/index.js';
import type { MappingOverride } from '../core/mapping/index.js';
import { sql } from '../platform/database/index.js';
import type { ActiveConnection, EntityPolicy, KeyedHash } from './active-connection.js';
import { HUB_CONNECTION } from './directory.js';
import { asConnectorError } from './guard/broken-connector.js';
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

/** SQL: all of them, in their order. */
export const CONNECTION_ROWS = sql`
  select id::text as id, name, connector, settings, schedule, time_zone as "timeZone", sync, mapping, position, state,
         limits, clock_offset_ms as "clockOffsetMs"
    from connection order by position, name`;

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
    check: () => Promise.resolve([]),
    discover: () => Promise.resolve([]),
    pull: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
    }),
  };
}

function absence(name: string): ConnectorError {
  return new ConnectorError({
    kind: 'configuration',
    code: 'CONNECTOR_MISSING',
    message: `The connector "${name}" is not there or could not be loaded.`,
    remedy: 'See `rapport connectors` for what is wrong with it.',
  });
}

/** A stored connection and its connector as one thing to work with. */
export function activate(
  row: ConnectionRow,
  found: Connector | undefined,
  keyedHash: KeyedHash,
): ActiveConnection {
  const connector = found ?? absentConnector(row.connector);
  const { settings, declared, ...failed } = declare(row, connector);
  const isAbsent = found === undefined && row.name !== HUB_CONNECTION;
  const fault = isAbsent ? absence(row.connector) : failed.fault;
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
    state: fault !== undefined && row.state === 'active' ? 'failed' : row.state,
    clockOffsetMs: row.clockOffsetMs,
    limits: { dailyCallsPercent: row.limits.dailyCallsPercent ?? null },
    schedule: row.schedule,
    timeZone: row.timeZone,
    objects,
    keyedHash,
    ...(fault !== undefined && { fault }),
  };
}

interface Declared {
  readonly settings: unknown;
  readonly declared: readonly ObjectDeclaration[];
  readonly fault?: ConnectorError;
}

/** One connector that fails at this must not keep the other connections from being seen. */
function declare(row: ConnectionRow, connector: Connector): Declared {
  try {
    const parsed = connector.settings.safeParse(row.settings);
    // Settings that this version of the connector does not understand: `check` tells, nothing is read or written.
    if (!parsed.success) return { settings: row.settings, declared: [] };
    return { settings: parsed.data, declared: connector.objects(parsed.data) };
  } catch (error) {
    const fault = asConnectorError(error, connector.name, false);
    return { settings: row.settings, declared: [], ...(fault instanceof ConnectorError && { fault }) };
  }
}
