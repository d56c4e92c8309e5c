/** A person changes a phone in HubSpot; how long until it stands in Salesforce? */
import { setTimeout as wait } from 'node:timers/promises';
import { comparisonKey } from '../core/normalise/index.js';
import type { JsonValue } from '../sdk/index.js';
import { DemoError } from './hub.js';
import type { ProofRecord } from './proof.js';
import type { Stage } from './stage.js';

export interface Arrival {
  readonly who: string;
  readonly goldenId: string;
  readonly hubSpotId: string;
  readonly salesforceId: string;
  readonly before: string;
  readonly after: string;
  readonly milliseconds: number;
}

/** Kept for stories by its regulator. */
const NEW_PHONE = '+44 20 7946 0999';
const PATIENCE_MS = 30_000;
const LOOK_MS = 2;

/** Somebody whom each system holds once, with a phone. */
export async function editAndWait(stage: Stage, records: readonly ProofRecord[]): Promise<Arrival> {
  const pair = findPair(records);
  if (pair === undefined) throw new DemoError('Nobody stands once in each system.');
  const [contact, other] = pair;
  const before = stage.salesforce.control.record(other.id)?.['Phone'];
  const start = performance.now();
  stage.hubSpot.control.edit('contacts', contact.id, { phone: NEW_PHONE });
  while (!isSame(stage.salesforce.control.record(other.id)?.['Phone'])) {
    if (performance.now() - start > PATIENCE_MS)
      throw new DemoError(
        `The new phone has not reached Salesforce after ${String(PATIENCE_MS / 1000)} seconds.`,
      );
    await wait(LOOK_MS);
  }
  return {
    who: [contact.values['firstname'], contact.values['lastname']]
      .flatMap((part) => (typeof part === 'string' ? [part.trim()] : []))
      .join(' '),
    goldenId: contact.goldenId ?? '',
    hubSpotId: contact.id,
    salesforceId: other.id,
    before: text(before),
    after: NEW_PHONE,
    milliseconds: performance.now() - start,
  };
}

function findPair(records: readonly ProofRecord[]): readonly [ProofRecord, ProofRecord] | undefined {
  for (const group of Map.groupBy(records, (record) => record.goldenId).values()) {
    const [one, other] = group;
    if (group.length !== 2 || one?.entity !== 'customer' || other === undefined) continue;
    const contact = group.find((record) => record.connection === 'hubspot');
    const salesforce = group.find((record) => record.connection === 'salesforce');
    if (contact === undefined || salesforce === undefined) continue;
    const filled = [contact.values['phone'], salesforce.values['Phone'], salesforce.values['Email']];
    if (filled.every((value) => typeof value === 'string')) return [contact, salesforce];
  }
  return undefined;
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isSame(value: string | number | boolean | null | undefined): boolean {
  return comparisonKey('phone', value ?? null) === comparisonKey('phone', NEW_PHONE);
}
