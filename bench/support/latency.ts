/** How long a user's edit in HubSpot takes until its value stands in Salesforce. */
import { setTimeout as pause } from 'node:timers/promises';
import { percentiles, type Percentiles } from './percentiles.js';
import type { Sandbox } from './sandbox.js';

export interface Link {
  readonly hubspot: string;
  readonly salesforce: string;
}

export interface Road {
  readonly hubspot: Sandbox;
  readonly salesforce: Sandbox;
  /** A person is edited once in each measurement. */
  readonly links: readonly Link[];
}

const GIVE_UP_MS = 30_000;

/** At a steady number of edits a second, however late the values come; ms. Fails when one never comes. */
export async function latencies(
  { hubspot, salesforce, links }: Road,
  { rate, edits }: { readonly rate: number; readonly edits: number },
): Promise<Percentiles> {
  const begun = performance.now();
  const underWay: Promise<number>[] = [];
  for (const [index, link] of links.slice(0, edits).entries()) {
    await pause(Math.max(0, begun + (index * 1000) / rate - performance.now()));
    underWay.push(
      latency({ hubspot, salesforce }, link, `Edit ${String(index)} of ${String(rate)} a second`),
    );
  }
  return percentiles(await Promise.all(underWay));
}

async function latency(
  { hubspot, salesforce }: Omit<Road, 'links'>,
  link: Link,
  value: string,
): Promise<number> {
  const seen = salesforce.seen({ id: link.salesforce, field: 'Title', value });
  const editedAt = Date.now();
  await hubspot.control('edit', 'contacts', link.hubspot, { jobtitle: value });
  const giveUp = new AbortController();
  const late = pause(GIVE_UP_MS, undefined, { signal: giveUp.signal }).then(
    () => {
      throw new Error(`"${value}" did not come to Salesforce within ${String(GIVE_UP_MS)} ms.`);
    },
    () => Number.NaN,
  );
  const seenAt = await Promise.race([seen, late]);
  giveUp.abort();
  return seenAt - editedAt;
}
