/** Operations made ready to send: values as HubSpot's text, the company apart, what can't be sent refused here. */
import type {
  CreateOperation,
  JsonValue,
  PushOutcome,
  Rejection,
  UpdateOperation,
} from '../../src/sdk/index.js';
import { rejection } from './errors.js';
import { COMPANY_LINK } from './objects.js';
import { isReadOnly } from './properties.js';
import type { Session } from './session.js';
import type { CompanyLink } from './source-record.js';
import { encode } from './values.js';

export interface Write<
  Operation extends CreateOperation | UpdateOperation = CreateOperation | UpdateOperation,
> {
  readonly operation: Operation;
  readonly key: string;
  /** Marks the input, so that HubSpot judges each of a batch by itself and says which one an error is about. */
  readonly traceId: string;
  readonly properties: Readonly<Record<string, string>>;
  /** The wanted primary company; undefined when it is not written. */
  readonly company: CompanyLink;
}

interface Prepared<Operation extends CreateOperation | UpdateOperation> {
  readonly writes: readonly Write<Operation>[];
  readonly outcomes: readonly PushOutcome[];
}

export function prepare<Operation extends CreateOperation | UpdateOperation>(
  session: Session,
  operations: readonly Operation[],
): Prepared<Operation> {
  const writes: Write<Operation>[] = [];
  const outcomes: PushOutcome[] = [];
  operations.forEach((operation, index) => {
    const rejections: Rejection[] = [];
    const properties: Record<string, string> = {};
    let company: CompanyLink;
    for (const [name, value] of Object.entries(operation.values)) {
      if (name === COMPANY_LINK && session.facts.object === 'contact') {
        company = companyOf(value);
        if (company === undefined)
          rejections.push(rejection('INVALID_VALUE', name, 'not a link to a company'));
        continue;
      }
      const text = textOf(session, name, value);
      if (typeof text !== 'string') rejections.push(text);
      // A new record has nothing to clear.
      else if (operation.kind === 'update' || text !== '') properties[name] = text;
    }
    if (rejections.length > 0) outcomes.push({ key: operation.key, status: 'rejected', rejections });
    else writes.push({ operation, key: operation.key, traceId: `w${String(index)}`, properties, company });
  });
  return { writes, outcomes };
}

function textOf(session: Session, name: string, value: JsonValue): string | Rejection {
  const definition = session.definitions.get(name);
  if (definition === undefined)
    return rejection('PROPERTY_DOESNT_EXIST', name, 'not among the properties of the portal');
  if (isReadOnly(definition)) return rejection('READ_ONLY_VALUE', name, 'read only by its definition');
  const encoded = encode(definition, value, session.owners);
  if ('text' in encoded) return encoded.text;
  return rejection(
    encoded.problem === 'unknown-owner' ? 'UNKNOWN_OWNER' : 'INVALID_VALUE',
    name,
    encoded.detail,
  );
}

/** undefined when the value is no link. */
function companyOf(value: JsonValue): CompanyLink {
  if (value === null) return null;
  if (typeof value !== 'object' || !('ref' in value)) return undefined;
  const { ref } = value;
  if (typeof ref !== 'object' || ref === null || !('id' in ref) || typeof ref.id !== 'string')
    return undefined;
  return ref.id;
}
