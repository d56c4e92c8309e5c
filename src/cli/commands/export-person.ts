import { PersonExportService } from '../../customers/person-export.service.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { findOne } from '../find-customer.js';
import { withHub } from '../hub.js';
import { createOutput } from '../output.js';

/** Always JSON: it is for the person, or for whoever hands it on. */
export async function exportPerson(query: string): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const id = await findOne(hub, query);
    const exported = await hub.get(PersonExportService).exportPerson({ id, by: 'the command line' });
    createOutput(true).result(exported, () => '');
    return EXIT.done;
  });
}
