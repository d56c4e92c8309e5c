/** What a connection to a file of rows is told, and the cursor of a pull. */
import iconv from 'iconv-lite';
import { z } from 'zod';

const column = z.string().trim().min(1);
const character = z.string().length(1, 'must be a single character');

const url = z.url({ protocol: /^https?$/ }).refine((text) => {
  const parsed = URL.parse(text);
  return parsed === null || (parsed.username === '' && parsed.password === '');
}, 'must not hold user name or password: give them as credentials');

export const settingsSchema = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: 'File',
        description: 'Path of the file; a relative one starts at the folder of the configuration.',
        examples: ['./people.csv'],
        path: true,
      }),
    url: url
      .optional()
      .meta({ title: 'Address', description: 'http or https address to load the file from.' }),
    object: z
      .enum(['customer', 'account'])
      .meta({ title: 'A row is', description: 'What each row stands for.' }),
    idColumn: column.optional().meta({
      title: 'Id column',
      description: "The column that holds a row's id: never empty, never twice, never given to another row.",
    }),
    idColumns: z
      .array(column)
      .min(1)
      .optional()
      .meta({
        title: 'Id columns',
        description: 'Where only several columns together are an id; they are joined by a colon.',
        examples: [['DATA_SOURCE', 'RECORD_ID']],
      }),
    columns: z.record(column, z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])).meta({
      title: 'Columns',
      description: 'Canonical field by column. Columns not named here are not read.',
      examples: [{ first: 'givenName', mail: 'email' }],
    }),
    where: z
      .record(column, z.union([z.string(), z.array(z.string()).min(1)]))
      .default({})
      .meta({
        title: 'Only rows where',
        description: 'Only rows whose column holds this value, or one of these.',
        examples: [{ RECORD_TYPE: 'PERSON' }],
      }),
    modifiedColumn: column.optional().meta({
      title: 'Column of the last change',
      description:
        'ISO 8601, or ms since 1970; UTC where no offset is written. Else the time of the file counts.',
    }),
    delimiter: character.optional().meta({
      title: 'Delimiter',
      description: 'Tab for names that end in .tsv or .tab, else a comma.',
      examples: [';', '\t'],
    }),
    quote: z
      .union([character, z.literal('')])
      .default('"')
      .meta({ title: 'Quote', description: 'Empty: quotes mean nothing.' }),
    encoding: z
      .string()
      .refine((name) => iconv.encodingExists(name), 'is not a known character encoding')
      .optional()
      .meta({
        title: 'Encoding',
        description: 'Else told by a byte order mark, else utf-8.',
        examples: ['windows-1252', 'utf-16le'],
      }),
    separator: character.default(';').meta({
      title: 'Separator of several values',
      description: 'Parts the values in a column of tags, emails, phones or domains.',
    }),
    dateOrder: z.enum(['mdy', 'dmy']).optional().meta({
      title: 'Order in dates',
      description: 'For dates like 12/11/1978 in a birthday column; other than ISO dates are not guessed at.',
    }),
  })
  .refine(
    ({ path, url: address }) => (path === undefined) !== (address === undefined),
    'needs either path or url',
  )
  .refine(
    ({ idColumn, idColumns }) => (idColumn === undefined) !== (idColumns === undefined),
    'needs either idColumn or idColumns',
  );

export type Settings = z.output<typeof settingsSchema>;

const secret = z.string().min(1).meta({ writeOnly: true });

/** For an address that asks who wants the file; nothing for a file. */
export const credentialsSchema = z.union([
  z.strictObject({}).meta({ title: 'None' }),
  z.strictObject({ username: z.string().min(1), password: secret }).meta({ title: 'User name and password' }),
  z.strictObject({ token: secret }).meta({ title: 'Bearer token' }),
]);

export type Credentials = z.output<typeof credentialsSchema>;

/** How far a file was read. */
export const cursorSchema = z.strictObject({
  /** Of the file's content. */
  hash: z.string(),
  /** Of the settings and properties it was read with. */
  setup: z.string(),
  /** What tells without reading that nothing changed. */
  mark: z.strictObject({
    size: z.number(),
    mtimeMs: z.number().optional(),
    etag: z.string().optional(),
    lastModified: z.string().optional(),
  }),
  /** Rows of this content that are stored. */
  row: z.int(),
  /** Whether every row is brought, or only those that changed. */
  full: z.boolean(),
  /** Once all rows are stored: ids up to here were looked at for being gone. */
  gone: z.string().nullable().optional(),
  /** Everything is stored. */
  done: z.boolean(),
});

export type Cursor = z.output<typeof cursorSchema>;
