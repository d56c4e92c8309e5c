import type { ActiveConnection } from '../connections/active-connection.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { suggestion } from '../sdk/nearest.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';
import type { Hub } from './hub.js';

/**
 * The connections named, or all that the configuration has.
 *
 * @throws CommandError when a name is not known, or there is none at all
 */
export async function presentConnections(
  hub: Hub,
  names: readonly string[],
): Promise<readonly ActiveConnection[]> {
  const { external } = await hub.get(ConnectionsService).directory();
  const present = external.filter((connection) => connection.state !== 'removed');
  if (present.length === 0) {
    throw new CommandError(
      EXIT.failed,
      'No connection is configured.',
      'Describe your connections in rapport.yaml, then run `rapport apply rapport.yaml`.',
    );
  }
  const known = present.map((connection) => connection.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(EXIT.notFound, `There is no connection "${unknown}".`, suggestion(unknown, known));
  }
  return names.length === 0 ? present : present.filter((connection) => names.includes(connection.name));
}
