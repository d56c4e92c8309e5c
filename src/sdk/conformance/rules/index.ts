import type { Rule } from '../rule.js';
import { changeRules } from './changes.js';
import { pagingRules } from './paging.js';
import { readFaultRules } from './read-faults.js';
import { rereadRules } from './reread.js';
import { streamRules } from './streams.js';
import { valueRules } from './values.js';
import { webhookRules } from './webhooks.js';
import { writeFaultRules } from './write-faults.js';
import { linkWriteRules } from './write-links.js';
import { writeOutcomeRules } from './write-outcomes.js';
import { writeRules } from './writes.js';

/** All rules, in the order of the table. */
export const RULES: readonly Rule[] = [
  ...pagingRules,
  ...changeRules,
  ...valueRules,
  ...readFaultRules,
  ...rereadRules,
  ...writeRules,
  ...linkWriteRules,
  ...writeOutcomeRules,
  ...writeFaultRules,
  ...webhookRules,
  ...streamRules,
];
