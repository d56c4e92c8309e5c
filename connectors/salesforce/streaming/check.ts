/** Whether change events can be listened to. Without them nothing is lost, it only takes until the next read. */
import type { CheckItem } from '../../../src/sdk/index.js';
import type { SalesforceClient } from '../client.js';
import { objectsOf, sobjectOf } from '../objects.js';
import { Bayeux, BayeuxRefusal } from './bayeux.js';
import { channelOf, FROM_NOW } from './channel.js';
import { streamError } from './errors.js';

const NAME = 'change-events';

export async function checkChangeEvents(client: SalesforceClient): Promise<CheckItem> {
  const objects = objectsOf(client.ctx.settings).map(({ object }) => object);
  const refusal = await refusalOf(client, objects);
  if (refusal !== undefined) return refusal;
  const types = objects.map((object) => sobjectOf(object).type);
  const selected = await client.changeEventEntities();
  if (selected === undefined)
    return {
      name: NAME,
      status: 'ok',
      message: `Change events of ${types.join(', ')} can be listened to. Whether they are switched on is only shown to users with View Setup and Configuration.`,
    };
  const missing = types.filter((type) => !selected.has(`${type}ChangeEvent`));
  if (missing.length === 0)
    return { name: NAME, status: 'ok', message: `Change events of ${types.join(', ')} come as they happen.` };
  return {
    name: NAME,
    status: 'warning',
    message: `Change events are not switched on for ${missing.join(', ')}: changes there are found by the scheduled reads only.`,
    remedy: `In Setup, Change Data Capture, select ${missing.join(', ')}; or set changeEvents to false in the settings.`,
  };
}

async function refusalOf(
  client: SalesforceClient,
  objects: readonly string[],
): Promise<CheckItem | undefined> {
  const bayeux = await Bayeux.open(client.ctx);
  try {
    await bayeux.handshake();
    for (const object of objects) await bayeux.subscribe(channelOf(object), FROM_NOW);
    await bayeux.disconnect();
    return undefined;
  } catch (error) {
    if (!(error instanceof BayeuxRefusal)) throw error;
    const { message, remedy } = streamError(error, client.ctx.clock.now());
    return { name: NAME, status: 'warning', message, remedy };
  }
}
