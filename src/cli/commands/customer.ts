import { CustomersService } from '../../customers/customers.service.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { renderList, search } from '../find-customer.js';
import { withHub } from '../hub.js';
import type { Output } from '../output.js';
import { renderCustomer } from '../render-customer.js';

/** One match is shown whole, several as a list. */
export async function customer(query: string, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const found = await search(hub, query);
    const [first] = found;
    if (first === undefined || found.length > 1) {
      output.result({ matches: found }, () => renderList(found));
      return EXIT.done;
    }
    const detail = await hub.get(CustomersService).find({ id: first.id });
    output.result(detail, () => renderCustomer(detail));
    return EXIT.done;
  });
}
