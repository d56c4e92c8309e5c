/** People and companies as the two systems hold them, and edits as their users make them. */
import type { World } from './world.js';

type Texts = Readonly<Record<string, string>>;
type Row = Readonly<Record<string, unknown>>;

/** In seconds: what a system says of when something changed. */
export const DAY = 86_400;
/** Within the reach of the next read, however much was read before. */
const JUST_NOW = 120;

/** Rows that an org came to hold so many seconds ago; their ids. */
export function inSalesforce(
  world: World,
  rows: readonly Row[],
  { type = 'Contact', ago = JUST_NOW }: { readonly type?: string; readonly ago?: number } = {},
): readonly string[] {
  const at = new Date(Date.now() - ago * 1000).toISOString();
  const stamps = { SystemModstamp: at, LastModifiedDate: at, CreatedDate: at };
  return world.salesforce.control.load(
    type,
    rows.map((row) => ({ ...stamps, ...row })),
  );
}

/** Records that a portal came to hold so many seconds ago; their ids. */
export function inHubSpot(
  world: World,
  records: readonly Texts[],
  {
    object = 'contacts',
    ago = JUST_NOW,
  }: { readonly object?: 'contacts' | 'companies' | 'deals'; readonly ago?: number } = {},
): readonly string[] {
  const at = Date.now() - ago * 1000;
  return world.hubspot.control.seed(
    object,
    records.map((properties) => ({ properties, createdAt: at, updatedAt: at })),
  );
}

export interface Person {
  readonly email?: string;
  readonly first?: string;
  readonly last?: string;
  /** What one system says beyond name and e-mail. */
  readonly salesforce?: Texts;
  readonly hubspot?: Texts;
  /** When it came to say so. */
  readonly ago?: { readonly salesforce: number; readonly hubspot: number };
}

/** Somebody both systems hold under one name and e-mail; the ids. */
export function inBoth(world: World, person: Person = {}): { readonly sf: string; readonly hs: string } {
  const { email = 'ada@byron.example', first = 'Ada', last = 'Byron' } = person;
  const ago = person.ago ?? { salesforce: JUST_NOW, hubspot: JUST_NOW };
  const contact = { Email: email, FirstName: first, LastName: last, ...person.salesforce };
  const properties = { email, firstname: first, lastname: last, ...person.hubspot };
  const [sf = ''] = inSalesforce(world, [contact], { ago: ago.salesforce });
  const [hs = ''] = inHubSpot(world, [properties], { ago: ago.hubspot });
  return { sf, hs };
}

/**
 * An edit in Salesforce, just now or so many seconds ago. Its stamps have whole seconds: rounded up, so that edits
 * come in the order in which a test makes them.
 */
export function editSalesforce(world: World, id: string, fields: Row, secondsAgo = 0): void {
  const at = new Date(Math.ceil(Date.now() / 1000 - secondsAgo) * 1000).toISOString();
  world.salesforce.control.edit(id, fields, { at });
}

/** An edit of a contact in HubSpot, just now or so many seconds ago. */
export function editHubSpot(world: World, id: string, properties: Texts, secondsAgo = 0): void {
  world.hubspot.control.edit('contacts', id, properties, Date.now() - secondsAgo * 1000);
}

/** A row as Salesforce holds it now. */
export function rowOf(world: World, id: string): Row {
  const found = world.salesforce.control.record(id);
  if (found === undefined) throw new Error(`Salesforce has no ${id}.`);
  return found;
}

/** The properties of a record as HubSpot holds it now. */
export function propertiesOf(
  world: World,
  id: string,
  object: 'contacts' | 'companies' | 'deals' = 'contacts',
): Texts {
  const found = world.hubspot.control.record(object, id);
  if (found === undefined) throw new Error(`HubSpot has no ${id}.`);
  return found.properties;
}

/** Live rows of an org. */
export function rows(world: World, type = 'Contact'): readonly Row[] {
  return world.salesforce.control.records(type);
}

/** Live records of a portal. */
export function records(
  world: World,
  object: 'contacts' | 'companies' | 'deals' = 'contacts',
): readonly { readonly id: string; readonly properties: Texts; readonly companyId: string | null }[] {
  return world.hubspot.control.records(object).filter((record) => !record.archived);
}
