import type { Comparison } from './comparison.js';
import { haveOtherBirthdays } from './contradiction.js';
import type { Identifier, Identity } from './identity.js';
import { isRoleAddress } from './mailboxes.js';
import { compareNames, type NameAgreement } from './names.js';
import { isNameless } from './person-name.js';

/** What each identifier that two customers' records share says, given how their names and birthdays agree. */
export function compareCustomers(a: Identity, b: Identity, shared: readonly Identifier[]): Comparison[] {
  if (a.person === undefined || b.person === undefined) return [];
  const names = compareNames(a.person, b.person);
  const nobody = isNameless(a.person) && isNameless(b.person);
  const born = haveOtherBirthdays(a, b);
  return shared.map((identifier) => {
    const found = compareBy(identifier, names, nobody);
    return born && found.verdict === 'same'
      ? { ...found, verdict: 'candidate', reason: `${found.reason} But the birthdays are two people's.` }
      : found;
  });
}

function compareBy(identifier: Identifier, names: NameAgreement, nobody: boolean): Comparison {
  if (identifier.kind === 'phone') return byPhone(names);
  if (identifier.kind === 'social') return byStrong('social', 'profile', names);
  return isRoleAddress(identifier.value)
    ? byRoleAddress(names, nobody)
    : byStrong('email', 'e-mail address', names);
}

function byStrong(rule: 'email' | 'social', what: string, names: NameAgreement): Comparison {
  return names === 'different'
    ? { verdict: 'candidate', rule, reason: `Same ${what}, but the names are two people's.` }
    : { verdict: 'same', rule, reason: `Same ${what}${names === 'same' ? ' and name' : ''}.` };
}

function byPhone(names: NameAgreement): Comparison {
  switch (names) {
    case 'same':
    case 'compatible':
      return { verdict: 'same', rule: 'phone-name', reason: 'Same phone number and a name that fits.' };
    case 'unknown':
      return {
        verdict: 'candidate',
        rule: 'phone-name',
        reason: 'Same phone number, but a name is missing.',
      };
    case 'partial':
    case 'different':
      return { verdict: 'different', rule: 'phone-name', reason: 'Same phone number, but other names.' };
  }
}

/** A desk's address is on the records of all who sit there: it counts only together with the whole name. */
function byRoleAddress(names: NameAgreement, nobody: boolean): Comparison {
  const rule = 'role-email-name';
  if (names === 'same') return { verdict: 'same', rule, reason: 'Same shared address and same name.' };
  if (names === 'compatible' || nobody) {
    return {
      verdict: 'candidate',
      rule,
      reason: 'Same shared address (like info@), and no name against it.',
    };
  }
  return { verdict: 'different', rule, reason: 'Only an address that several people share.' };
}
