/** Checks values as HubSpot does, and brings them into the form it stores. */
import { invalidProperties, type Problem } from './answers.js';
import type { Definition } from './schema.js';

/** Throws one error with all problems; blank text stands for a cleared value. */
export function checkedValues(
  definitions: ReadonlyMap<string, Definition>,
  given: Readonly<Record<string, unknown>>,
  ownerIds: ReadonlySet<string>,
): Record<string, string> {
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, raw] of Object.entries(given)) {
    const value =
      typeof raw === 'string' ? raw : typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : '';
    const definition = definitions.get(name);
    const checked =
      definition === undefined
        ? refuse('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`)
        : definition.readOnly
          ? refuse('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`)
          : checkedValue(definition, value, ownerIds);
    if (typeof checked === 'string') values[name] = checked;
    else problems.push({ name, value, ...checked });
  }
  if (problems.length > 0) throw invalidProperties(problems);
  return values;
}

type Refusal = Pick<Problem, 'code' | 'message'>;

function refuse(code: string, message: string): Refusal {
  return { code, message };
}

function checkedValue(
  definition: Definition,
  value: string,
  ownerIds: ReadonlySet<string>,
): string | Refusal {
  if (value === '') return '';
  switch (definition.type) {
    case 'number':
      return Number.isFinite(Number(value))
        ? value.trim()
        : refuse('INVALID_DOUBLE', `${value} was not a valid number.`);
    case 'bool':
      return /^(true|false)$/i.test(value) ? value.toLowerCase() : noOption(definition, value);
    case 'date':
      return dateOf(value) ?? refuse('INVALID_DATE', `${value} was not a valid date.`);
    case 'datetime': {
      const at = instantOf(value);
      return Number.isNaN(at)
        ? refuse('INVALID_LONG', `${value} was not a valid long.`)
        : new Date(at).toISOString();
    }
    case 'enumeration':
      return choice(definition, value, ownerIds);
    case 'string':
      return text(definition, value);
  }
}

function text({ name }: Definition, value: string): string | Refusal {
  if (value.length > 65_536) return refuse('PROPERTY_VALUE_TOO_LONG', `Property "${name}" is too long`);
  if (name === 'email') {
    const email = value.trim().toLowerCase();
    return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*\.[^\s@.]{2,}$/.test(email)
      ? email
      : refuse('INVALID_EMAIL', `Email address ${value} is invalid`);
  }
  if (name === 'domain')
    return value
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/^www\./, '')
      .replace(/[/?#].*$/, '');
  return value;
}

function choice(definition: Definition, value: string, ownerIds: ReadonlySet<string>): string | Refusal {
  if (definition.owner)
    return ownerIds.has(value) ? value : refuse('INVALID_OWNER_ID', `Owner ${value} does not exist`);
  const chosen =
    definition.fieldType === 'checkbox' ? value.split(';').filter((part) => part !== '') : [value];
  const known = new Set(definition.options.map((option) => option.value));
  const unknown = chosen.find((part) => !known.has(part));
  return unknown === undefined ? chosen.join(';') : noOption(definition, unknown);
}

function noOption({ options }: Definition, value: string): Refusal {
  const allowed = options.map((option) => option.value).join(', ');
  return refuse('INVALID_OPTION', `${value} was not one of the allowed options: [${allowed}]`);
}

function dateOf(value: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return Number.isNaN(Date.parse(value)) ? undefined : value;
  const at = instantOf(value);
  return Number.isNaN(at) || at % 86_400_000 !== 0 ? undefined : new Date(at).toISOString().slice(0, 10);
}

export function instantOf(value: string): number {
  return /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
}
