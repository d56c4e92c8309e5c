/** Operations made ready to send: values as HubSpot's text, links apart, what can't be sent refused here. */
import type {
  CreateOperation,
  JsonValue,
  PushOutcome,
  Rejection,
  UpdateOperation,
} from '../../src/sdk/index.js';
import { encodeIn, isOwnCurrency } from './deal-values.js';
import { rejection } from './errors.js';
import { linkIds, type RecordLinks } from './links.js';
import { PIPELINE, STAGE } from './objects.js';
import { isReadOnly } from './properties.js';
import type { Session } from './session.js';
import type { StageWrite } from './stage-writes.js';

export interface Write<
  Operation extends CreateOperation | UpdateOperation = CreateOperation | UpdateOperation,
> {
  readonly operation: Operation;
  readonly key: string;
  /** Marks the input, so that HubSpot judges each of a batch by itself and says which one an error is about. */
  readonly traceId: string;
  readonly properties: Readonly<Record<string, string>>;
  /** The wanted links, by property; those that are not written are not there. */
  readonly links: RecordLinks;
}

interface Prepared<Operation extends CreateOperation | UpdateOperation> {
  readonly writes: readonly Write<Operation>[];
  readonly outcomes: readonly PushOutcome[];
}

export function prepare<Operation extends CreateOperation | UpdateOperation>(
  session: Session,
  operations: readonly Operation[],
  stages: ReadonlyMap<string, StageWrite>,
): Prepared<Operation> {
  const writes: Write<Operation>[] = [];
  const outcomes: PushOutcome[] = [];
  operations.forEach((operation, index) => {
    const rejections: Rejection[] = [];
    const properties: Record<string, string> = {};
    const links: Record<string, readonly string[]> = {};
    for (const [name, value] of Object.entries(operation.values)) {
      if (session.facts.links.some((link) => link.property === name)) {
        const ids = linkIds(value);
        if (ids === undefined) rejections.push(rejection('INVALID_VALUE', name, 'not a link to a record'));
        else links[name] = ids;
        continue;
      }
      if (stages.has(operation.key) && (name === STAGE || name === PIPELINE)) continue;
      if (isOwnCurrency(session, name, value)) continue;
      const text = textOf(session, name, value);
      if (typeof text !== 'string') rejections.push(text);
      // A new record has nothing to clear.
      else if (operation.kind === 'update' || text !== '') properties[name] = text;
    }
    const stage = stages.get(operation.key);
    if (stage !== undefined && 'properties' in stage) Object.assign(properties, stage.properties);
    else if (stage !== undefined) rejections.push(stage);
    if (rejections.length > 0) outcomes.push({ key: operation.key, status: 'rejected', rejections });
    else writes.push({ operation, key: operation.key, traceId: `w${String(index)}`, properties, links });
  });
  return { writes, outcomes };
}

function textOf(session: Session, name: string, value: JsonValue): string | Rejection {
  const definition = session.definitions.get(name);
  if (definition === undefined)
    return rejection('PROPERTY_DOESNT_EXIST', name, 'not among the properties of the portal');
  if (isReadOnly(definition)) return rejection('READ_ONLY_VALUE', name, 'read only by its definition');
  const encoded = encodeIn(session, definition, value);
  if ('text' in encoded) return encoded.text;
  return rejection(PROBLEMS[encoded.problem], name, encoded.detail);
}

const PROBLEMS = {
  'unknown-owner': 'UNKNOWN_OWNER',
  'currency-not-enabled': 'CURRENCY_NOT_ENABLED',
  unsupported: 'INVALID_VALUE',
} as const;
