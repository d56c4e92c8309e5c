import { foldText } from '../normalise/text.js';

/** Letters that are not a plain letter with a mark, each with what stands for it where it can't be typed. */
const SPELLED: ReadonlyMap<string, string> = new Map(
  (
    'ßss æa œo øo łl đd ðd þth ıi əe ħh ŋng ' +
    'аa бb вv гg ґg дd еe єe жzh зz иi іi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya ђd јj љlj њnj ћc џdz ' +
    'αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

/**
 * The words of a name in Latin letters where the script has letters to give (Cyrillic, Greek), in lower case without
 * marks. `ue`, `oe` and `ae` count as the vowel they stand for, so that Mueller and Müller meet.
 */
export function nameWords(text: string): string[] {
  const folded = foldText(text);
  if (folded === '') return [];
  if (/^[a-z0-9 ]*$/.test(folded)) return vowels(folded).split(' ');
  return vowels(folded.replace(/[^a-z0-9 ]/gu, (letter) => SPELLED.get(letter) ?? letter)).split(' ');
}

function vowels(text: string): string {
  return text.replace(/([aou])e(?=[^\s])/g, '$1');
}

/** Whether names can be compared letter by letter: both in Latin letters by now, or neither. */
export function isLatin(words: readonly string[]): boolean {
  return words.every((word) => /^[a-z0-9]+$/.test(word));
}
