import { foldText } from './text.js';

/** Systems write one stage in several ways: `Closed won`, `Closed Won`, `Proposal/Price Quote`, `Proposal - price quote`. */
export function stageKey(text: string): string {
  return foldText(text) || text;
}
