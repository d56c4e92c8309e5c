import { CheckService, type ConnectionCheck } from '../../connections/check.js';
import type { CheckItem } from '../../sdk/index.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import type { Output } from '../output.js';
import { presentConnections } from '../present-connections.js';

/** One failed item of one connection makes the command fail; warnings do not. */
export async function check(name: string | undefined, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const chosen = await presentConnections(hub, name === undefined ? [] : [name]);
    const checks = await hub.get(CheckService).check(chosen.map((connection) => connection.name));
    const failed = checks.some(({ items }) => items.some((item) => item.status === 'failed'));
    output.result({ ok: !failed, connections: checks }, () => checks.map(renderCheck).join('\n\n'));
    return failed ? EXIT.failed : EXIT.done;
  });
}

const SIGN = { ok: '✓', warning: '!', failed: '✗' } as const satisfies Record<CheckItem['status'], string>;

function renderCheck({ connection, connector, items }: ConnectionCheck): string {
  const lines = items.flatMap(({ status, name, message, remedy }) => [
    `  ${SIGN[status]} ${name}: ${message}`,
    ...(status === 'ok' || remedy === undefined ? [] : [`      ${remedy}`]),
  ]);
  return [`${connection} (${connector})`, ...lines].join('\n');
}
