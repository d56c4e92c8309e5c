import { CustomersService } from '../customers/customers.service.js';
import type { CustomerSummary } from '../customers/search.repository.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';
import type { Hub } from './hub.js';
import { table } from './output.js';

const SHOWN = 20;

/** Customers, accounts and deals that a query may mean, at most 20 of each. */
export async function search(hub: Hub, query: string): Promise<readonly CustomerSummary[]> {
  const service = hub.get(CustomersService);
  const pages = await Promise.all(
    (['customer', 'account', 'deal'] as const).map((entity) =>
      service.search({ query, entity, limit: SHOWN }),
    ),
  );
  const found = meantBy(
    query,
    pages.flatMap((page) => page.items),
  );
  if (found.length > 0) return found;
  throw new CommandError(
    EXIT.notFound,
    'There is no such customer, account or deal.',
    'Give an e-mail, a phone number, the beginning of a name, an id here, or an id in a system.',
  );
}

/** An address is a person's: the company of its domain is meant only where nobody has the address. */
export function meantBy<Found extends Pick<CustomerSummary, 'entity'>>(
  query: string,
  found: readonly Found[],
): readonly Found[] {
  const people = query.includes('@') ? found.filter(({ entity }) => entity === 'customer') : [];
  return people.length > 0 ? people : found;
}

/**
 * The id of the one that a query means.
 *
 * @throws CommandError when it means none, or several
 */
export async function findOne(hub: Hub, query: string): Promise<string> {
  const found = await search(hub, query);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.id;
  throw new CommandError(
    EXIT.usage,
    `"${query}" means several:\n\n${renderList(found)}\n`,
    'Say which by its id.',
  );
}

export function renderList(found: readonly CustomerSummary[]): string {
  return table(
    ['id', '', 'name', 'e-mail', 'phone', 'in'],
    found.map(({ id, entity, title, email, phone, connections }) => [
      id,
      entity,
      title,
      email ?? '',
      phone ?? '',
      connections.join(', '),
    ]),
  );
}
