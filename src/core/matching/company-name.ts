import { looksMistyped } from './edit-distance.js';
import { nameWords } from './name-words.js';

/** How two companies' names agree; `similar` wants something else to agree as well. */
export type CompanyAgreement = 'same' | 'similar' | 'unknown' | 'different';

/** A company's name without its legal form, in words that compare. */
export interface CompanyName {
  readonly words: readonly string[];
  /** The words run together: Data Dog and DataDog are one; `` when there is no name. */
  readonly key: string;
}

/** Legal forms as they stand after folding, by number of words: longer ones are taken off first. */
const LEGAL_FORMS = [
  'sp z o o|sp z oo|sp zoo|spolka z ograniczona odpowiedzialnoscia|besloten vennootschap|naamloze vennootschap|anonim sirketi|limited sirketi|limited liability company|limited liability partnership|public limited company|sociedad anonima|sociedad limitada|societe anonyme|societe par actions simplifiee|gesellschaft mit beschrankter haftung|sdn bhd|ltd sti|pty ltd|pvt ltd|pte ltd|s a de c v|sa de cv|s de rl de cv|a s|s r o|s a|s l|b v|n v|d o o|e v',
  'inc incorporated corp corporation co company cie cia llc llp lllp lp ltd limited ltda lda plc pllc pc gmbh ggmbh mbh ag kg kgaa ohg ug gbr ev eg ek se sa sas sasu sarl eurl snc sca scs spa srl srls sapa sl slu slp sau eireli me epp bv nv vof cv bvba sprl srl as asa aps ab hb kb oy oyj ky sro zoo spzoo kft zrt nyrt bt doo dd ad eood ood oao ooo zao pao jsc ojsc cjsc pjsc tov pte pty pvt pt tbk bhd berhad kk yk gk aktiengesellschaft aktiebolag aktieselskab osakeyhtio',
]
  .flatMap((line) => (line.includes('|') ? line.split('|') : line.split(' ')))
  .map((form) => nameWords(form))
  .sort((a, b) => b.length - a.length);

const FORMS_BEFORE = new Set(['ooo', 'oao', 'zao', 'pao', 'pt', 'cv', 'tov', 'the']);

const CJK_FORMS =
  /株式会社|有限会社|合同会社|㈱|[(（]株[)）]|[(（]有[)）]|주식회사|유한회사|[(（]주[)）]|股份有限公司|有限責任公司|有限责任公司|有限公司/gu;

const NO_NAME = new Set(
  'unknown|na|none|null|notprovided|notavailable|noname|noaccount|nocompany|company|companyname|accountname|self|selfemployed|freelance|freelancer|individual|private|privat|personal|household|retired|student|tbd|x|xx|xxx|unbekannt'.split(
    '|',
  ),
);

/** Words that many companies share and that tell none of them. */
const COMMON_WORDS = new Set(
  'and of the for group groupe gruppe holding holdings international global worldwide europe usa uk germany services service solutions solution systems system technologies technology tech software consulting consultants partners associates industries enterprises trading management media digital labs studio studios center centre school bank university hospital institute foundation association'.split(
    ' ',
  ),
);

/** Reads a company's name. */
export function companyNameOf(text: string): CompanyName {
  const plain = text
    .replace(CJK_FORMS, ' ')
    .replace(/[&+]/g, ' and ')
    .replace(/^\s*(?:https?:\/\/)?(?:www\.)?/i, '')
    .replace(/\.(?=[a-z]{2,}\s*$)/i, ' ');
  const words = nameWords(plain);
  while (words.length > 1 && FORMS_BEFORE.has(words[0] ?? '')) words.shift();
  while (takeLegalForm(words)) while (words.length > 1 && words.at(-1) === 'and') words.pop();
  const key = words.join('');
  return NO_NAME.has(key) ? { words: [], key: '' } : { words, key };
}

/** Compares two companies' names. Symmetric. */
export function compareCompanyNames(a: CompanyName, b: CompanyName): CompanyAgreement {
  if (a.key === '' || b.key === '') return 'unknown';
  if (a.key === b.key) return 'same';
  if (numbersOf(a) !== numbersOf(b)) return 'different';
  if (looksMistyped(a.key, b.key) || isAbbreviation(a, b) || isAbbreviation(b, a)) return 'similar';
  const [few, many] = a.words.length <= b.words.length ? [a.words, b.words] : [b.words, a.words];
  const telling = few.filter((word) => word.length > 1 && !COMMON_WORDS.has(word));
  const found = telling.filter((word) => many.some((other) => word === other || looksMistyped(word, other)));
  return telling.length > 0 && found.length === telling.length ? 'similar' : 'different';
}

function takeLegalForm(words: string[]): boolean {
  const form = LEGAL_FORMS.find(
    (parts) =>
      parts.length < words.length &&
      parts.every((part, index) => words[words.length - parts.length + index] === part),
  );
  if (form === undefined) return false;
  words.length -= form.length;
  return true;
}

/** IBM for International Business Machines. */
function isAbbreviation(short: CompanyName, long: CompanyName): boolean {
  if (short.words.length !== 1 || short.key.length < 2 || long.words.length < 2) return false;
  const initials = (words: readonly string[]): string => words.map((word) => word.slice(0, 1)).join('');
  return (
    short.key === initials(long.words) ||
    short.key === initials(long.words.filter((word) => word !== 'and' && word !== 'of'))
  );
}

function numbersOf(name: CompanyName): string {
  return name.words
    .filter((word) => /^(?:\d+|[ivx]+)$/.test(word))
    .sort()
    .join(' ');
}
