/** Which live record holds which unique value: e-mails of contacts, and properties made so. */
import type { SandboxObject } from './schema.js';

interface Holder {
  readonly object: SandboxObject;
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

export class UniqueValues {
  /** By object, by property, by value: the record's id. */
  private readonly ids: Readonly<Record<SandboxObject, Map<string, Map<string, string>>>> = {
    contacts: new Map([['email', new Map<string, string>()]]),
    companies: new Map(),
    deals: new Map(),
  };

  define(object: SandboxObject, property: string): void {
    this.ids[object].set(property, new Map());
  }

  /** undefined when the property is not unique; null when nobody holds the value. */
  holder(object: SandboxObject, property: string, value: string): string | null | undefined {
    const values = this.ids[object].get(property);
    return values === undefined ? undefined : (values.get(key(property, value)) ?? null);
  }

  /** The first of the values that another record holds already. */
  taken(
    object: SandboxObject,
    values: Readonly<Record<string, string>>,
    self: string | undefined,
  ): { readonly property: string; readonly value: string; readonly id: string } | undefined {
    for (const property of this.ids[object].keys()) {
      const value = values[property];
      const id = value === undefined ? undefined : this.holder(object, property, value);
      if (value !== undefined && id !== undefined && id !== null && id !== self)
        return { property, value, id };
    }
    return undefined;
  }

  claim(record: Holder): void {
    for (const [own, values] of this.keysOf(record)) values.set(own, record.id);
  }

  release(record: Holder): void {
    for (const [own, values] of this.keysOf(record)) if (values.get(own) === record.id) values.delete(own);
  }

  private keysOf({ object, properties }: Holder): readonly (readonly [string, Map<string, string>])[] {
    return [...this.ids[object]].flatMap(([property, values]) => {
      const own = [properties[property] ?? ''];
      if (property === 'email') own.push(...(properties['hs_additional_emails'] ?? '').split(';'));
      return own.filter((value) => value !== '').map((value) => [key(property, value), values] as const);
    });
  }
}

function key(property: string, value: string): string {
  return property === 'email' ? value.trim().toLowerCase() : value;
}
