import { describe } from '../records/describe.js';
import type { Desk } from './write.js';

/** The org's field for the hub's id, if it has one on this object that can be upserted by. */
export async function externalIdField({ client, target }: Desk): Promise<string | undefined> {
  const wanted = client.ctx.settings.externalIdField;
  if (wanted === undefined) return undefined;
  const field = (await describe(client, target.type)).fields.get(wanted.toLowerCase());
  if (field?.externalId === true && field.createable) return field.name;
  client.ctx.log.warn('salesforce object has no usable field for the id of the hub', { object: target.type });
  return undefined;
}
