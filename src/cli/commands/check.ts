import { CheckService } from '../../connections/check.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import type { Output } from '../output.js';
import { presentConnections } from '../present-connections.js';
import { renderFindings } from '../render-findings.js';

/** One failed item of one connection makes the command fail; warnings do not. */
export async function check(name: string | undefined, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const chosen = await presentConnections(hub, name === undefined ? [] : [name]);
    const checks = await hub.get(CheckService).check(chosen.map((connection) => connection.name));
    const failed = checks.some(({ items }) => items.some((item) => item.status === 'failed'));
    output.result({ ok: !failed, connections: checks }, () =>
      checks
        .map(({ connection, connector, items }) => renderFindings(`${connection} (${connector})`, items))
        .join('\n\n'),
    );
    return failed ? EXIT.failed : EXIT.done;
  });
}
