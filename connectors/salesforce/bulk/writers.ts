/** Who carries writes to the org: collections of up to 200 records, or a job for many. */
import type { SaveAnswer } from '../api/save-answer.js';
import type { Fields, SalesforceClient } from '../client.js';
import type { Lost } from '../write/write.js';
import { bulkWrite } from './bulk-write.js';

type Answers = Promise<readonly (SaveAnswer | Lost)[]>;

/** One answer for each record, in order. */
export interface Writer {
  create(type: string, records: readonly Fields[]): Answers;
  update(type: string, records: readonly (Fields & { readonly Id: string })[]): Answers;
  upsert(type: string, records: readonly Fields[], externalIdField: string): Answers;
  destroy(type: string, ids: readonly string[]): Answers;
}

const COLLECTION = 200;

/** Jobs do not let duplicate rules pass that only warn: what one stopped goes by collections, which do. */
export function bulkWriter(client: SalesforceClient): Writer {
  return {
    create: (type, records) => client.create(type, records),
    update: async (type, records) => {
      const answers = [...(await bulkWrite(client, { type, operation: 'update', key: 'Id' }, records))];
      const warned = answers.flatMap((answer, index) =>
        answer.success === false && answer.error.code === 'DUPLICATES_DETECTED' ? [index] : [],
      );
      for (let start = 0; start < warned.length; start += COLLECTION) {
        const places = warned.slice(start, start + COLLECTION);
        const again = await client.update(
          type,
          places.flatMap((place) => records[place] ?? []),
        );
        for (const [index, place] of places.entries()) {
          const answer = again[index];
          if (answer !== undefined) answers[place] = answer;
        }
      }
      return answers;
    },
    upsert: (type, records, key) => bulkWrite(client, { type, operation: 'upsert', key }, records),
    destroy: (type, ids) =>
      bulkWrite(
        client,
        { type, operation: 'delete', key: 'Id' },
        ids.map((Id) => ({ Id })),
      ),
  };
}
