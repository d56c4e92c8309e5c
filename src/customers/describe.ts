import { foldText } from '../core/normalise/text.js';
import type { Entity, JsonValue } from '../sdk/index.js';

/** What a golden record is called in lists, and the words it is found by. */
export function describeGolden(
  entity: Entity,
  fields: Readonly<Record<string, JsonValue>>,
): { readonly title: string; readonly search: string } {
  const text = (field: string): string => {
    const value = fields[field];
    return typeof value === 'string' ? value : '';
  };
  const parts =
    entity !== 'customer'
      ? [text('name'), text('domain'), text('website')]
      : [
          text('givenName'),
          text('middleName'),
          text('familyName'),
          text('email'),
          text('phone'),
          text('jobTitle'),
        ];
  const name = (entity !== 'customer' ? [text('name')] : [text('givenName'), text('familyName')])
    .filter((part) => part !== '')
    .join(' ');
  const title = name || text('email') || text('domain') || text('phone');
  const words = foldText(parts.join(' ')).split(' ');
  const search = [...new Set(words)].join(' ');
  return { title, search };
}
