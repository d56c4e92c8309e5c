/** What can go wrong with a file as a whole, in the hub's failure kinds. */
import { ConnectorError, TransportError, type FailureKind } from '../../src/sdk/index.js';

function configuration(code: string, message: string, remedy: string, cause?: unknown): ConnectorError {
  return new ConnectorError({ kind: 'configuration', code, message, remedy, cause });
}

const BY_SYSTEM_CODE: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  ENOENT: ['There is no file at the path in the setting "path".', 'Put the file there, or correct "path".'],
  ENOTDIR: ['A part of the setting "path" is not a folder.', 'Correct "path".'],
  EACCES: [
    'The hub may not read the file in the setting "path".',
    'Give its user the right to read the file.',
  ],
  EPERM: [
    'The hub may not read the file in the setting "path".',
    'Give its user the right to read the file.',
  ],
};

/** The error of a file that cannot be opened or read; other errors stay what they are. */
export function fileError(cause: unknown): unknown {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const [message, remedy] = BY_SYSTEM_CODE[code] ?? [];
  if (message !== undefined && remedy !== undefined)
    return configuration(`FILE_${code}`, message, remedy, cause);
  if (!['EIO', 'EBUSY', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT'].includes(code)) return cause;
  return new ConnectorError({
    kind: 'transient',
    code: `FILE_${code}`,
    message: 'The file could not be read just now.',
    remedy: 'Nothing to do: it is tried again. If it lasts, look at the disk or share it lies on.',
    cause,
  });
}

const BY_STATUS: Readonly<Record<number, readonly [kind: FailureKind, message: string, remedy: string]>> = {
  401: [
    'credentials',
    'The server wants to know who asks, or refuses the credentials.',
    'Correct the credentials of the connection.',
  ],
  403: ['permission', 'The server refuses the file.', 'Allow the hub to read it, or give other credentials.'],
  404: ['configuration', 'There is no file at the address in the setting "url".', 'Correct "url".'],
  410: ['configuration', 'The file at the address in the setting "url" is gone for good.', 'Correct "url".'],
};

/** The error of an answer that brings no file. `retryAt`: what the server asked for, ms. */
export function statusError(status: number, retryAt: number | undefined): ConnectorError {
  const code = `HTTP_${String(status)}`;
  if (status === 429 || (status === 503 && retryAt !== undefined)) {
    const message = 'The server asks to wait.';
    const remedy = 'Nothing to do: it is tried again.';
    return new ConnectorError({
      kind: 'throttled',
      code,
      message,
      remedy,
      ...(retryAt !== undefined && { retryAt }),
    });
  }
  const [kind, message, remedy] = BY_STATUS[status] ?? [];
  if (kind !== undefined && message !== undefined && remedy !== undefined) {
    return new ConnectorError({ kind, code, message, remedy });
  }
  return new ConnectorError({
    kind: status >= 500 || status === 408 || status === 425 ? 'transient' : 'configuration',
    code,
    message: `The server answers ${String(status)} where the file should be.`,
    remedy: 'Look whether the setting "url" opens with another program. A passing fault is tried again.',
  });
}

export function transportError(cause: unknown): unknown {
  if (!(cause instanceof TransportError) || cause.code === 'aborted') return cause;
  return new ConnectorError({
    kind: 'transient',
    code: `HTTP_${cause.code.toUpperCase()}`,
    message: 'The server of the file cannot be reached, or broke off.',
    remedy: 'Nothing to do: it is tried again. If it lasts, look at the setting "url" and the server.',
    cause,
  });
}

export function brokenAnswer(message: string): ConnectorError {
  return new ConnectorError({
    kind: 'system',
    code: 'HTTP_ANSWER',
    message,
    remedy: 'Serve the file by a plain web server, or load it and use the setting "path".',
  });
}

export function notAFile(): ConnectorError {
  return configuration(
    'NOT_A_FILE',
    'What the setting "path" names is no file.',
    'Name the file itself, not its folder.',
  );
}

export function fileEmpty(): ConnectorError {
  return configuration(
    'FILE_EMPTY',
    'The file is empty, and had rows before. Nothing was deleted.',
    'Put the whole file back. If all of its records really are gone, remove the connection.',
  );
}

export function noHeader(): ConnectorError {
  return configuration(
    'FILE_EMPTY',
    'The file is empty: it has no header row.',
    'Write the names of the columns in the first row.',
  );
}

export function unreadableHeader(): ConnectorError {
  return configuration(
    'HEADER_UNREADABLE',
    'The header row cannot be read.',
    'Close each quote in it, and see whether delimiter, quote and encoding are what the file uses.',
  );
}

export function fileChanged(): ConnectorError {
  return new ConnectorError({
    kind: 'transient',
    code: 'FILE_CHANGED',
    message: 'The file changed while it was read.',
    remedy:
      'Nothing to do: it is read again. Write a new file and rename it, rather than writing into this one.',
  });
}

export function missingColumn(setting: string, column: string, advice: string): ConnectorError {
  return configuration(
    'COLUMN_MISSING',
    `The file has no column "${column}", named in the setting "${setting}".`,
    `${advice} If that is not it, see whether delimiter and encoding are what the file uses.`,
  );
}

export function doubleColumn(column: string): ConnectorError {
  return configuration(
    'COLUMN_DOUBLE',
    `The file has two columns "${column}".`,
    'Give one of them another name in the header row.',
  );
}
