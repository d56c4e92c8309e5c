import { objectOf, type ActiveConnection } from '../connections/active-connection.js';
import type { ErasureAction } from './erasure.repository.js';

/** What is done with a record in its system, and why it is not more. */
export interface ChosenAction {
  readonly action: ErasureAction;
  readonly note: string | null;
}

const BY_HAND = 'Remove the person there by hand.';

/** As the connection is configured, and as far as its connector can. */
export function actionFor(connection: ActiveConnection | undefined, object: string): ChosenAction {
  const setup = connection && objectOf(connection, object);
  if (connection === undefined || setup === undefined || connection.state === 'removed')
    return { action: 'keep', note: `It is not synced any more. ${BY_HAND}` };
  const { onErase, direction } = setup.policy;
  if (onErase === 'keep') return { action: 'keep', note: 'The connection says `onErase: keep`.' };
  if (direction === 'pull') return { action: 'keep', note: `The connection is only read. ${BY_HAND}` };
  const { connector } = connection;
  if (onErase === 'delete' && connector.erase !== undefined) return { action: 'delete', note: null };
  if (connector.push === undefined)
    return { action: 'keep', note: `The connector can only read. ${BY_HAND}` };
  return {
    action: 'archive',
    note: onErase === 'archive' ? null : 'The connector can archive, but not delete for good.',
  };
}
