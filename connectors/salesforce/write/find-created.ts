/**
 * Finds records that an attempt without answer has made: by the hub's id where the org keeps it, else by e-mail and
 * name, else by the same values since the attempt began, or by what we made then and somebody has changed already. Queries carry lists, so many are looked up at once.
 */
import type { Row } from '../client.js';
import { fullId } from '../api/ids.js';
import { externalIdField } from './external-id.js';
import { holds, sameText } from '../records/same.js';
import { instant, queriesIn } from '../api/soql.js';
import { utc } from '../records/decode.js';
import type { Create, Desk } from './write.js';

/** Clocks are known to a second or two. */
const SLACK_MS = 120_000;

/** Ids by the operation's key, of those found. No record is given to two operations. */
export async function findCreated(
  desk: Desk,
  creates: readonly Create[],
): Promise<ReadonlyMap<string, string>> {
  const field = await externalIdField(desk);
  if (field !== undefined) return byHubId(desk, creates, field);
  const { email } = desk.target;
  const mailed = creates.filter((create) => email !== undefined && typeof create.fields[email] === 'string');
  const others = creates.filter((create) => !mailed.includes(create));
  const taken = new Set<string>();
  return new Map([...(await byEmail(desk, mailed, taken)), ...(await byValues(desk, others, taken))]);
}

async function byHubId(
  desk: Desk,
  creates: readonly Create[],
  field: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await select(desk, {
    names: [field],
    by: field,
    values: creates.map((create) => create.hubId),
  });
  const ids = new Map(rows.map((row) => [String(row[field]).toLowerCase(), idOf(row)]));
  return new Map(creates.flatMap((create) => entry(create, ids.get(create.hubId.toLowerCase()))));
}

async function byEmail(
  desk: Desk,
  creates: readonly Create[],
  taken: Set<string>,
): Promise<ReadonlyMap<string, string>> {
  const { email, name } = desk.target;
  if (email === undefined || creates.length === 0) return new Map();
  const values = textsOf(creates, email);
  const rows = await select(desk, { names: namesOf(creates), by: email, values });
  return assign(creates, taken, (create) => {
    const like = rows.filter(
      (row) =>
        sameText(row[email], create.fields[email]) &&
        (create.fields[name] == null || sameText(row[name], create.fields[name])),
    );
    // Ours if it was made since; else one that was there before, which must not be doubled either.
    return [...like.filter((row) => madeSince(desk, row, create)), ...like];
  });
}

async function byValues(
  desk: Desk,
  creates: readonly Create[],
  taken: Set<string>,
): Promise<ReadonlyMap<string, string>> {
  const { name } = desk.target;
  if (creates.length === 0) return new Map();
  const since = Math.min(...creates.map((create) => earliest(desk, create)));
  const values = textsOf(creates, name);
  const and = ` AND CreatedDate >= ${instant(new Date(since).toISOString())}`;
  const names = [...namesOf(creates), 'CreatedById', 'LastModifiedById'];
  const rows = await select(desk, { names, by: name, values, and });
  const asSent = assign(creates, taken, (create) =>
    rows.filter((row) => madeSince(desk, row, create) && holds(row, create)),
  );
  const left = creates.filter(({ key }) => !asSent.has(key));
  const edited = left.length === 0 ? [] : await unknownOf(desk, rows.filter(isEditedSince(desk)));
  const byHand = assign(left, taken, (create) =>
    edited.filter((row) => madeSince(desk, row, create) && sameText(row[name], create.fields[name])),
  );
  return new Map([...asSent, ...byHand]);
}

/** Made by this connector, and changed by somebody else: it need not hold what was sent any more. */
function isEditedSince({ client }: Desk): (row: Row) => boolean {
  const ours = fullId(client.userId ?? '');
  const by = (row: Row, property: string): string | undefined => fullId(String(row[property]));
  return (row) =>
    ours !== undefined && by(row, 'CreatedById') === ours && by(row, 'LastModifiedById') !== ours;
}

/** Those that the hub does not hold as somebody else's. */
async function unknownOf({ client, target }: Desk, rows: readonly Row[]): Promise<readonly Row[]> {
  const unknown: Row[] = [];
  for (const row of rows) {
    const id = idOf(row);
    // No other id begins so: the last three characters are a checksum.
    const [next] = await client.ctx.known.ids(target.object, id.slice(0, -1), 1);
    if (next !== id) unknown.push(row);
  }
  return unknown;
}

function assign(
  creates: readonly Create[],
  taken: Set<string>,
  candidates: (create: Create) => readonly Row[],
): ReadonlyMap<string, string> {
  return new Map(
    creates.flatMap((create) => {
      const row = candidates(create).find((one) => !taken.has(idOf(one)));
      if (row !== undefined) taken.add(idOf(row));
      return entry(create, row && idOf(row));
    }),
  );
}

function entry(create: Create, id: string | undefined): [string, string][] {
  return id === undefined ? [] : [[create.key, id]];
}

function madeSince(desk: Desk, row: Row, create: Create): boolean {
  return Date.parse(utc(row['CreatedDate']) ?? '') >= earliest(desk, create);
}

function earliest(desk: Desk, create: Create): number {
  return desk.client.ctx.http.serverTime(Date.parse(create.uncertainSince ?? '')) - SLACK_MS;
}

async function select(
  desk: Desk,
  query: {
    readonly names: readonly string[];
    readonly by: string;
    readonly values: readonly string[];
    readonly and?: string;
  },
): Promise<readonly Row[]> {
  const names = new Set(['Id', 'CreatedDate', query.by, ...query.names]);
  const select = `SELECT ${[...names].join(', ')} FROM ${desk.target.type}`;
  const rows: Row[] = [];
  for (const soql of queriesIn(select, (list) => `${query.by} IN (${list})${query.and ?? ''}`, query.values))
    rows.push(...(await desk.client.queryRows(soql, { all: false })));
  return rows;
}

function namesOf(creates: readonly Create[]): readonly string[] {
  return creates.flatMap((create) => Object.keys(create.fields));
}

function textsOf(creates: readonly Create[], name: string): readonly string[] {
  return creates.flatMap(({ fields }) => {
    const value = fields[name];
    return typeof value === 'string' ? [value] : [];
  });
}

function idOf(row: Row): string {
  return String(row['Id']);
}
