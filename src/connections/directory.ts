import type { ActiveConnection } from './active-connection.js';

/** Name and connector of the built-in connection whose records are people's own edits. */
export const HUB_CONNECTION = 'hub';

/** All connections as they are now, by id and by name; the hub's own among them. */
export class ConnectionDirectory {
  private readonly byId: ReadonlyMap<string, ActiveConnection>;
  private readonly byName: ReadonlyMap<string, ActiveConnection>;

  constructor(readonly all: readonly ActiveConnection[]) {
    this.byId = new Map(all.map((connection) => [connection.id, connection]));
    this.byName = new Map(all.map((connection) => [connection.name, connection]));
  }

  find(id: string): ActiveConnection | undefined {
    return this.byId.get(id);
  }

  named(name: string): ActiveConnection | undefined {
    return this.byName.get(name);
  }

  /** Connections that systems stand behind. */
  get external(): readonly ActiveConnection[] {
    return this.all.filter((connection) => connection.name !== HUB_CONNECTION);
  }

  isHub(id: string): boolean {
    return this.byId.get(id)?.name === HUB_CONNECTION;
  }
}
