import type { KeyedHash } from '../connections/active-connection.js';
import { identityFields, type FieldStates } from '../core/claims/index.js';
import { identityOf, type Identifier } from '../core/matching/index.js';

/**
 * What an erased person is known by again, as text that is only ever kept as a keyed hash.
 *
 * record  connection, object and external id
 * email   the address alone; together with a given name where others have the address too
 * phone   the number together with a given name, or without one: colleagues and families share numbers
 */
export interface Mark {
  readonly kind: 'record' | 'email' | 'phone';
  readonly text: string;
}

export interface RecordPlace {
  readonly connectionId: string;
  readonly object: string;
  readonly externalId: string;
}

type Known = Pick<Identifier, 'kind' | 'value'> | { readonly kind: string; readonly value: string };

export function recordMark({ connectionId, object, externalId }: RecordPlace): Mark {
  return { kind: 'record', text: joined('record', connectionId, object, externalId) };
}

/** The first given name in a form that compares; `` when none is known. */
export function givenNameOf(fields: FieldStates): string {
  return identityOf('customer', identityFields(fields)).person?.given[0] ?? '';
}

/** By which a record that comes in may be known: any of them is enough. */
export function marksOfRecord(
  place: RecordPlace,
  identifiers: readonly Known[],
  given: string,
): readonly Mark[] {
  return [
    recordMark(place),
    ...identifiers.flatMap(({ kind, value }): Mark[] => {
      if (kind === 'email') return [alone(value), named('email', value, given)];
      return kind === 'phone' ? [named('phone', value, given)] : [];
    }),
  ];
}

/** What to keep of a person. `shared` identifiers are other customers' too, who must still be taken in. */
export function marksOfPerson(person: {
  readonly places: readonly RecordPlace[];
  readonly identifiers: readonly {
    readonly kind: string;
    readonly value: string;
    readonly shared: boolean;
  }[];
  readonly givenNames: readonly string[];
}): readonly Mark[] {
  const names = person.givenNames.filter((name) => name !== '');
  return [
    ...person.places.map(recordMark),
    ...person.identifiers.flatMap(({ kind, value, shared }): Mark[] => {
      if (kind === 'email' && !shared) return [alone(value)];
      if (kind !== 'email' && kind !== 'phone') return [];
      return [...names, ...(shared ? [] : [''])].map((name) => named(kind, value, name));
    }),
  ];
}

/** An identifier as somebody types it again, in every form it may be kept in. */
export function marksOfIdentifier(
  kind: 'email' | 'phone',
  value: string,
  givenNames: readonly string[],
): readonly Mark[] {
  const forms = ['', ...givenNames].map((name) => named(kind, value, name));
  return kind === 'email' ? [alone(value), ...forms] : forms;
}

export function hashesOf(marks: readonly Mark[], hash: KeyedHash): { kind: Mark['kind']; hash: string }[] {
  return marks.map(({ kind, text }) => ({ kind, hash: hash(text) }));
}

function alone(value: string): Mark {
  return { kind: 'email', text: joined('email', value) };
}

function named(kind: 'email' | 'phone', value: string, given: string): Mark {
  return { kind, text: joined(kind, value, 'given', given) };
}

function joined(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
