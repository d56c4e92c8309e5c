import { sobjectOf } from '../objects.js';

/** Of one object's change events (Change Data Capture Developer Guide, "Subscription Channels"). */
export function channelOf(object: string): string {
  return `/data/${sobjectOf(object).type}ChangeEvent`;
}

/** The replay id that asks for new events only. */
export const FROM_NOW = -1;
