/** What a connector is called, made of what somebody typed. */

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST = 50;

export function isConnectorName(name: string): boolean {
  return NAME.test(name) && name.length <= LONGEST;
}

/** `acme-crm` → `Acme Crm`. */
export function titleOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
