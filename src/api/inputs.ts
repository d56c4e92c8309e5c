/** What requests may hold. */
import { z } from 'zod';
import { ENTITIES } from '../core/model/fields.js';
import { MAX_PAGE } from '../customers/paging.js';
import type { JsonValue } from '../sdk/index.js';

export const pageQuery = z.strictObject({
  limit: z.coerce
    .number({ error: 'should be a whole number' })
    .int('should be a whole number')
    .min(1, 'should be at least 1')
    .max(MAX_PAGE, `should be at most ${String(MAX_PAGE)}`)
    .default(50)
    .meta({ description: `Items in the page, 1 to ${String(MAX_PAGE)}.` }),
  cursor: z
    .string('should be given once')
    .max(4_000)
    .optional()
    .meta({ description: '`next` of the page before.' }),
});

const text = z.string('should be given once, as text').max(500, 'should be at most 500 characters long');

const entity = z.enum(ENTITIES, 'should be customer, account or deal');

export const searchQuery = pageQuery.extend({
  q: text.optional().meta({
    description: 'E-mail, phone in any form, handle, domain, id here or in a system, or beginnings of names.',
  }),
});

const value: z.ZodType<JsonValue> = z.json();

export const editBody = z.strictObject({
  fields: z.record(z.string().max(200), value, 'should be an object of canonical fields').meta({
    description:
      'Canonical field → value; null clears. A reference is the id of what it points at; several are a list of ids.',
  }),
});

export const candidatesQuery = pageQuery.extend({ entity: entity.optional() });

const recordId = z.string().regex(/^\d{1,18}$/, 'should be the id of a source record: digits');

export const decisionBody = z.strictObject({
  a: recordId,
  b: recordId,
  verdict: z.enum(['same', 'notSame'], 'should be same or notSame'),
});

export const mergeBody = z.strictObject({
  a: z.uuid('should be the id of a customer, account or deal'),
  b: z.uuid('should be the id of a customer, account or deal'),
});

const issueFilter = {
  connection: text.optional().meta({ description: 'Name of a connection.' }),
  state: z.enum(['open', 'skipped'], 'should be open or skipped').optional(),
  severity: z.enum(['error', 'notice'], 'should be error or notice').optional(),
  code: text.optional(),
  operation: z
    .enum(['read', 'match', 'write', 'connection'], 'should be read, match, write or connection')
    .optional(),
};

export const issueFilterQuery = z.strictObject(issueFilter);
export const issuesQuery = pageQuery.extend(issueFilter);
export const retryBody = z.strictObject({
  filter: z
    .strictObject(issueFilter)
    .meta({ description: 'All issues that meet everything given; {} is every one.' }),
});

export const startRunBody = z.strictObject({
  connections: z
    .array(text, 'should be a list of names')
    .min(1, 'should name at least one connection; leave it out for all')
    .max(1_000)
    .optional()
    .meta({ description: 'Names; all connections when left out.' }),
  full: z
    .boolean('should be true or false')
    .default(false)
    .meta({ description: 'Read everything again, whatever the cursors say.' }),
  approve: z
    .boolean('should be true or false')
    .default(false)
    .meta({ description: 'Says yes beforehand to whatever the sync would stop to ask.' }),
});

export const decideBody = z.union(
  [z.strictObject({ value }), z.strictObject({ connection: text })],
  'should be { value } or { connection }',
);

export const undoBody = z.strictObject({
  dryRun: z
    .boolean('should be true or false')
    .default(false)
    .meta({ description: 'Only says what would be written back, and what not.' }),
});

export const exportQuery = z.strictObject({
  format: z.enum(['csv', 'json'], 'should be csv or json').default('csv'),
  entity: entity.optional(),
});

export const newKeyBody = z.strictObject({
  name: z
    .string('should be text')
    .trim()
    .min(1, 'should not be empty')
    .max(100, 'should be at most 100 characters long'),
  scope: z.enum(['read', 'admin'], 'should be read or admin'),
});

export const liftBody = z.strictObject({
  identifier: z
    .string('should be an e-mail address, a phone number or connection:object:id')
    .trim()
    .min(1, 'should not be empty')
    .max(500, 'should be at most 500 characters long'),
  givenName: z
    .string('should be text')
    .max(200)
    .optional()
    .meta({ description: 'With a number or an address that several people had.' }),
});

export const startAuditBody = z.strictObject({
  repair: z
    .boolean('should be true or false')
    .default(false)
    .meta({ description: 'Take in what was missed; otherwise nothing is changed anywhere.' }),
});
