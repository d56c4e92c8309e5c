import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { packageRoot } from '../../platform/package-root.js';
import { isConnectorName } from '../../scaffold/connector-name.js';
import { packageFiles, packageName } from '../../scaffold/package-files.js';
import { connectorFiles } from '../../scaffold/template.js';
import { isFree, writeFiles } from '../../scaffold/write-files.js';
import { CommandError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';

/**
 * Writes a connector that works, with a sandbox and a suite that passes: to `connectors/NAME`, or to a folder as an
 * npm package. Nothing that is there is overwritten.
 */
export function newConnector(name: string, packageFolder: string | undefined, output: Output): ExitCode {
  if (!isConnectorName(name)) {
    throw new CommandError(
      EXIT.usage,
      `"${name}" cannot be a connector's name.`,
      'Use lower-case letters, digits and single hyphens, beginning with a letter: acme-crm.',
    );
  }
  const root = packageRoot();
  if (packageFolder === undefined && !existsSync(join(root, 'src', 'sdk'))) {
    throw new CommandError(
      EXIT.usage,
      'This Rapport was installed without its sources, so that no connector can be added to them.',
      'Make it a package of its own: `rapport new connector NAME --package FOLDER`.',
    );
  }
  const folder = packageFolder === undefined ? join(root, 'connectors', name) : resolve(packageFolder);
  if (!isFree(folder)) {
    const shown = relative(process.cwd(), folder);
    throw new CommandError(
      EXIT.usage,
      `${shown} is not empty.`,
      'Choose another name or folder, or remove what is there.',
    );
  }
  const files = packageFolder === undefined ? connectorFiles(root, name) : packageFiles(root, name, folder);
  const written = writeFiles(folder, files);
  const next = packageFolder === undefined ? nextHere(name) : nextInPackage(name, packageFolder);
  output.result({ name, folder, files: written, next }, () =>
    [
      `Written to ${relative(process.cwd(), folder) || '.'}: ${String(written.length)} files. Now:`,
      ...next.map((line) => `  ${line}`),
    ].join('\n'),
  );
  return EXIT.done;
}

function nextHere(name: string): readonly string[] {
  return [
    `npm test -- connectors/${name}`,
    `rapport conformance ${name}`,
    'read docs/writing-a-connector.md',
  ];
}

function nextInPackage(name: string, folder: string): readonly string[] {
  return [
    `cd ${folder} && npm install && npm test`,
    `name ${packageName(name)} under packages in rapport.yaml`,
  ];
}
