import { FIELDS, fieldOf } from '../core/model/fields.js';
import type { Entity } from '../sdk/index.js';
import { suggestion } from '../sdk/nearest.js';
import { RequestError } from './request-error.js';

const WITH_ARTICLE = { customer: 'A customer', account: 'An account', deal: 'A deal' } as const;

/**
 * The name of a canonical field, as given.
 *
 * @throws RequestError naming the field, with the nearest one there is
 */
export function knownField(entity: Entity, given: string): string {
  if (fieldOf(entity, given) !== undefined) return given;
  const names = FIELDS[entity].map((field) => field.name);
  throw new RequestError({
    kind: 'invalid',
    field: given,
    message: `${WITH_ARTICLE[entity]} has no field "${given.slice(0, 100)}".`,
    remedy: `${suggestion(given, names)} Fields of your own are called custom.NAME.`,
  });
}
