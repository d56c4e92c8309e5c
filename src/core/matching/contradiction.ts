import { compareCompanyNames } from './company-name.js';
import type { Identity } from './identity.js';
import { compareNames } from './names.js';

/**
 * Whether what is known of two records speaks against them being one, so that neither may come to the other's
 * customer by way of a third: other first names, Jr and Sr, other birthdays; companies with other names, or of one
 * name with other domains or countries. Symmetric.
 */
export function contradict(a: Identity, b: Identity): boolean {
  if (a.person !== undefined && b.person !== undefined) {
    return compareNames(a.person, b.person) === 'different' || haveOtherBirthdays(a, b);
  }
  if (a.company === undefined || b.company === undefined) return false;
  if (shareDomain(a, b)) return compareCompanyNames(a.company, b.company) === 'different';
  return (
    compareCompanyNames(a.company, b.company) === 'different' ||
    haveOtherDomains(a, b) ||
    haveOtherCountries(a, b)
  );
}

/** Father's and son's, not one birthday with slips: those change a digit, or day and month round. */
export function haveOtherBirthdays(a: Identity, b: Identity): boolean {
  if (a.birthday === null || b.birthday === null) return false;
  const [yearA, ...dayA] = a.birthday.split('-');
  const [yearB, ...dayB] = b.birthday.split('-');
  return Math.abs(Number(yearA) - Number(yearB)) >= 15 && dayA.sort().join() !== dayB.sort().join();
}

export function haveOtherDomains(a: Identity, b: Identity): boolean {
  return domainsOf(a).length > 0 && domainsOf(b).length > 0 && !shareDomain(a, b);
}

export function haveOtherCountries(a: Identity, b: Identity): boolean {
  return a.country !== null && b.country !== null && a.country !== b.country;
}

function shareDomain(a: Identity, b: Identity): boolean {
  const other = domainsOf(b);
  return domainsOf(a).some((domain) => other.includes(domain));
}

function domainsOf(identity: Identity): readonly string[] {
  return identity.identifiers.filter(({ kind }) => kind === 'domain').map(({ value }) => value);
}
