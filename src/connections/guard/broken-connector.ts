import { ConnectorError } from '../../sdk/index.js';

/**
 * A connector did what the contract does not allow: threw something else than its error, never came back, answered
 * in a wrong shape. What it was asked to do may have been done all the same.
 */
export class BrokenConnectorError extends ConnectorError {
  /** @param source where the connector comes from: its folder, or its npm package */
  constructor(source: string, code: BrokenCode, fault: Fault) {
    super({
      kind: 'system',
      code,
      message: `The connector of this connection (${source}) ${fault.what}`,
      remedy: `Update or remove ${source}, or tell its authors; the other connections go on.`,
      ...(fault.detail !== undefined && { detail: fault.detail }),
      ...(fault.cause !== undefined && { cause: fault.cause }),
    });
    this.name = 'BrokenConnectorError';
  }
}

type BrokenCode = 'CONNECTOR_FAILED' | 'CONNECTOR_HANGS' | 'CONNECTOR_ANSWER' | 'CONNECTOR_STRAY';

interface Fault {
  /** Ends the sentence that begins with the connector. */
  readonly what: string;
  readonly detail?: string;
  readonly cause?: unknown;
}

/** What a connector threw, as the hub knows failures. Errors of a work that was told to stop stay as they are. */
export function asConnectorError(error: unknown, source: string, isStopping: boolean): Error {
  if (error instanceof ConnectorError) return error;
  if (isTransport(error)) {
    if (isStopping || error.code === 'aborted') return error;
    return new ConnectorError({
      kind: 'transient',
      code: 'UNREACHABLE',
      message: 'The system does not answer.',
      remedy: 'Nothing to do: it is tried again.',
      detail: error.message,
      cause: error,
    });
  }
  if (isStopping && error instanceof Error) return error;
  const what = 'failed by a fault of its own.';
  return new BrokenConnectorError(source, 'CONNECTOR_FAILED', { what, detail: wordsOf(error), cause: error });
}

/** One line, whatever was thrown: a string, null, an object that cannot even be shown. */
export function wordsOf(error: unknown): string {
  try {
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    const [line = ''] = String(message).split('\n', 1);
    return error instanceof Error ? `${error.name}: ${line}` : line;
  } catch {
    return 'something that cannot be shown';
  }
}

/** A package may bring its own copy of the class. */
function isTransport(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && error.name === 'TransportError' && 'code' in error;
}
