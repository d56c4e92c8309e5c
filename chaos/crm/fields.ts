/** Canonical fields and the properties that carry them, as the connectors map them by default. Pure. */
import { objectDeclarations } from '../../connectors/hubspot/objects.js';
import { settingsSchema } from '../../connectors/salesforce/config.js';
import { objectsOf } from '../../connectors/salesforce/objects.js';
import type { JsonValue } from '../../src/sdk/index.js';
import type { CrmKind } from '../plan/plan.js';
import type { Values, Played } from '../plan/steps.js';

type Mapping = Readonly<Record<Played, ReadonlyMap<string, string>>>;

/** Property by canonical field, of what is both read and written. */
export function mappingOf(kind: CrmKind): Mapping {
  const declared = kind === 'hubspot' ? objectDeclarations() : objectsOf(settingsSchema.parse({}));
  const of = (entity: Played): ReadonlyMap<string, string> =>
    new Map(
      declared
        .filter((one) => one.entity === entity)
        .flatMap(({ mapping }) => mapping)
        .filter(({ direction }) => direction === 'both')
        .map(({ field, property }) => [field, property]),
    );
  return { customer: of('customer'), account: of('account') };
}

/** The system's own names; what it has no property for is left out. */
export function toProperties(mapping: ReadonlyMap<string, string>, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => {
      const property = mapping.get(field);
      return property === undefined ? [] : [[property, value]];
    }),
  );
}

export function toFields(
  mapping: ReadonlyMap<string, string>,
  properties: Readonly<Record<string, JsonValue | undefined>>,
): Record<string, JsonValue> {
  return Object.fromEntries(
    [...mapping].map(([field, property]) => [field, blankAsNull(properties[property])]),
  );
}

function blankAsNull(value: JsonValue | undefined): JsonValue {
  return value === undefined || value === '' ? null : value;
}
