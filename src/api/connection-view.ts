import type { CallsView } from '../connections/call-view.js';
import type { ActiveConnection } from '../connections/active-connection.js';
import type { ConnectorError, Direction, Entity, JsonObject } from '../sdk/index.js';
import type { StreamView } from '../sync/streams/stream.repository.js';
import type { ConnectionFacts } from './connections.repository.js';

/** A connection as people see it; settings and credentials stay inside. */
export interface ConnectionView {
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  readonly title: string;
  readonly state: ActiveConnection['state'];
  /** Why it failed. */
  readonly problem: JsonObject | null;
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly clockOffsetMs: number;
  /** Of a day, against the vendor's limit and the hub's share of it. */
  readonly calls: CallsView;
  readonly records: number;
  readonly openIssues: number;
  readonly waitingWrites: number;
  /** Whether changes come as they happen; null where the system is not listened to. */
  readonly stream: StreamView | null;
  readonly objects: readonly ObjectView[];
}

export interface ObjectView {
  readonly object: string;
  readonly title: string;
  readonly entity: Entity;
  readonly direction: Direction;
  /** What changed there before this is known here; null before the first reading has reached its end. */
  readonly completeAt: string | null;
  /** A reading has begun that has not reached its end. */
  readonly reading: boolean;
}

export function connectionView(
  connection: ActiveConnection,
  { facts, calls }: { readonly facts: ConnectionFacts; readonly calls: CallsView },
): ConnectionView {
  return {
    id: connection.id,
    name: connection.name,
    connector: connection.connector.name,
    title: connection.connector.title,
    state: connection.state,
    problem: connection.fault === undefined ? facts.problem : problemOf(connection.fault),
    schedule: connection.schedule,
    timeZone: connection.timeZone,
    clockOffsetMs: connection.clockOffsetMs,
    calls,
    records: facts.records,
    openIssues: facts.openIssues,
    waitingWrites: facts.waitingWrites,
    stream: streamOf(connection, facts.stream),
    objects: connection.objects.map((setup) => {
      const cursor = facts.cursors.find((one) => one.object === setup.object);
      const completeAt = isoOrNull(cursor?.completeAt);
      return {
        object: setup.object,
        title: setup.declaration.title,
        entity: setup.entity,
        direction: setup.policy.direction,
        completeAt,
        reading: cursor !== undefined && isoOrNull(cursor.startedAt) !== completeAt,
      };
    }),
  };
}

function problemOf({ code, kind, message, remedy }: ConnectorError): JsonObject {
  return { code, kind, message, remedy };
}

/** PostgreSQL's own spelling of a time as ISO 8601 in UTC. */
function isoOrNull(time: string | null | undefined): string | null {
  return time == null ? null : new Date(time).toISOString();
}

/** Times as ISO 8601. One that is paused, or whose settings want no stream any more, has none. */
function streamOf(
  { state, connector, settings }: ActiveConnection,
  stream: StreamView | null,
): StreamView | null {
  if (stream === null || state !== 'active' || connector.stream?.wanted(settings) !== true) return null;
  return { ...stream, since: isoOrNull(stream.since), heardAt: isoOrNull(stream.heardAt) };
}
