/** What must be known beside a row to tell its values: the hub knows owners by e-mail, and stages by name. */
import type { JsonValue } from '../../../src/sdk/index.js';
import type { Row, SalesforceClient } from '../client.js';
import type { SObject } from '../objects.js';
import { CURRENCY, orgCurrency } from './currency.js';
import type { Codec } from './decode.js';
import { isOwner, type Column } from './describe.js';
import { ownerEmails } from './owners.js';
import { STAGE, stagesOf } from './stages.js';

export const NO_CODEC: Codec = { owners: new Map(), stages: [] };

/** Asks only for what the columns need. */
export async function codecFor(
  client: SalesforceClient,
  columns: readonly Column[],
  rows: readonly Row[],
): Promise<Codec> {
  const owned = columns.some((column) => isOwner(column.field));
  const staged = columns.some((column) => column.field.name === STAGE);
  return {
    owners: owned ? await ownerEmails(client, rows) : NO_CODEC.owners,
    stages: staged ? await stagesOf(client) : [],
  };
}

/** The currency of all records of an org that has no field for it; nothing where there is one, or it is not wanted. */
export async function sharedCurrency(
  client: SalesforceClient,
  target: SObject,
  wanted: { readonly properties: readonly string[]; readonly columns: readonly Column[] },
): Promise<Readonly<Record<string, JsonValue>>> {
  const asked = wanted.properties.includes(CURRENCY);
  if (!target.money || !asked || wanted.columns.some(({ property }) => property === CURRENCY)) return {};
  const code = await orgCurrency(client);
  return code === undefined ? {} : { [CURRENCY]: code };
}
