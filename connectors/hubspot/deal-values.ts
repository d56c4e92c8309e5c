/** What of a deal is not what its property's type says: stages by name, close dates as days, the account's currency. */
import type { JsonValue } from '../../src/sdk/index.js';
import { CLOSE_DATE, CURRENCY, PIPELINE, STAGE } from './objects.js';
import { stageName } from './pipelines.js';
import type { PropertyDefinition } from './properties.js';
import { isoOf } from './record.js';
import type { Session } from './session.js';
import { decode, encode, type Encoded } from './values.js';
import { dayIn, noonOf } from './zone.js';

/** As {@link decode}, with what is particular to the session's object. */
export function decodeIn(
  session: Session,
  definition: PropertyDefinition,
  text: string | null,
): JsonValue | undefined {
  const special = session.facts.object === 'deal' ? DECODERS[definition.name] : undefined;
  return special === undefined
    ? decode(definition, text, session.owners)
    : special(session, text, definition);
}

/** As {@link encode}. */
export function encodeIn(session: Session, definition: PropertyDefinition, value: JsonValue): Encoded {
  if (session.facts.object !== 'deal') return encode(definition, value, session.owners);
  if (definition.name === CURRENCY && typeof value === 'string') return currency(session, value);
  if (definition.name === CLOSE_DATE && definition.type === 'datetime' && isDay(value))
    return { text: noonOf(value, session.account?.timeZone) };
  return encode(definition, value, session.owners);
}

type Decoder = (
  session: Session,
  text: string | null,
  definition: PropertyDefinition,
) => JsonValue | undefined;

const DECODERS: Readonly<Record<string, Decoder>> = {
  // Of a stage that nobody knows (any more) nothing is said: it must not look like another one.
  [STAGE]: ({ pipelines }, text) => (isBlank(text) ? null : stageName(pipelines, text)),
  [PIPELINE]: ({ pipelines }, text) =>
    isBlank(text) ? null : pipelines.find((pipeline) => pipeline.id === text)?.label,
  // A deal without a currency of its own is in the account's.
  [CURRENCY]: ({ account }, text) => (isBlank(text) ? account?.companyCurrency : text),
  [CLOSE_DATE]: ({ account, owners }, text, definition) => {
    const at = definition.type === 'datetime' && !isBlank(text) ? isoOf(text) : undefined;
    return at === undefined ? decode(definition, text, owners) : dayIn(Date.parse(at), account?.timeZone);
  },
};

function currency({ account }: Session, value: string): Encoded {
  const code = value.trim().toUpperCase();
  const own = account?.companyCurrency;
  if (own === undefined || code === '' || code === own) return { text: code };
  return account?.additionalCurrencies.includes(code) === true
    ? { text: code }
    : { problem: 'currency-not-enabled', detail: `${code} is not among the currencies of the account` };
}

/**
 * Whether the currency need not, and cannot, be written: an account without further currencies has no property for it.
 */
export function isOwnCurrency({ account, definitions }: Session, name: string, value: JsonValue): boolean {
  if (name !== CURRENCY || definitions.has(CURRENCY)) return false;
  return typeof value === 'string' && value.trim().toUpperCase() === account?.companyCurrency;
}

function isBlank(text: string | null): text is null | '' {
  return text === null || text === '';
}

function isDay(value: JsonValue): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
}
