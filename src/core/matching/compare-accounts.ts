import type { Comparison } from './comparison.js';
import { compareCompanyNames, type CompanyAgreement } from './company-name.js';
import { haveOtherCountries, haveOtherDomains } from './contradiction.js';
import type { Identifier, Identity } from './identity.js';

/** What each identifier that two accounts' records share says, given how names, domains and countries agree. */
export function compareAccounts(a: Identity, b: Identity, shared: readonly Identifier[]): Comparison[] {
  if (a.company === undefined || b.company === undefined) return [];
  const names = compareCompanyNames(a.company, b.company);
  const against = [
    haveOtherDomains(a, b) ? 'domains' : '',
    haveOtherCountries(a, b) ? 'countries' : '',
  ].filter((what) => what !== '');
  return shared.map(({ kind }) => {
    if (kind === 'domain') return byDomain(names);
    return kind === 'phone' ? byPhone(names, against) : byName(against);
  });
}

function byDomain(names: CompanyAgreement): Comparison {
  return names === 'different'
    ? { verdict: 'candidate', rule: 'domain-name', reason: 'Same domain, but other names.' }
    : {
        verdict: 'same',
        rule: 'domain-name',
        reason: `Same domain${names === 'unknown' ? '' : ' and a name that fits'}.`,
      };
}

function byName(against: readonly string[]): Comparison {
  const rule = 'company-name';
  if (against.length === 0) return { verdict: 'same', rule, reason: 'Same name, and nothing against it.' };
  return against.length === 1
    ? { verdict: 'candidate', rule, reason: `Same name, but other ${against.join()}.` }
    : { verdict: 'different', rule, reason: `Same name, but other ${against.join(' and ')}.` };
}

/** Branches of one company, and companies of one building, share a number. */
function byPhone(names: CompanyAgreement, against: readonly string[]): Comparison {
  const rule = 'company-phone';
  if (names === 'same' && against.length === 0)
    return { verdict: 'same', rule, reason: 'Same phone number and name.' };
  return names === 'same' || names === 'similar'
    ? { verdict: 'candidate', rule, reason: 'Same phone number and a name that may fit.' }
    : { verdict: 'different', rule, reason: 'Same phone number, but other names.' };
}
