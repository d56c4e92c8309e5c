/**
 * Stages of opportunities (OpportunityStage). They cross the border by their labels; the only won, and the only lost
 * stage of an org are called the same in every system.
 */
import type { Row, SalesforceClient } from '../client.js';
import { toHubError } from '../errors.js';

export interface Stage {
  /** The value in the field StageName. */
  readonly value: string;
  readonly label: string;
  readonly closed: 'won' | 'lost' | null;
}

export const STAGE = 'StageName';
export const CLOSED_WON = 'Closed Won';
export const CLOSED_LOST = 'Closed Lost';

const KEY = 'salesforce.stages';
const KEEP_MS = 5 * 60_000;

/** The active stages. An org that does not show them to the user has none: then values cross the border as they are. */
export async function stagesOf(client: SalesforceClient): Promise<readonly Stage[]> {
  const { cache, clock, log } = client.ctx;
  const held = cache.get(KEY) as { readonly at: number; readonly stages: readonly Stage[] } | undefined;
  if (held !== undefined && clock.now() - held.at <= KEEP_MS) return held.stages;
  let rows: readonly Row[] = [];
  try {
    const soql = 'SELECT ApiName, MasterLabel, IsClosed, IsWon FROM OpportunityStage WHERE IsActive = true';
    rows = await client.queryRows(soql, { all: false });
  } catch (error) {
    const failure = toHubError(error, clock.now());
    if (!('kind' in failure) || (failure.kind !== 'configuration' && failure.kind !== 'permission'))
      throw error;
    log.warn('salesforce stages can not be read: they are taken as they are written');
  }
  const stages = rows.map(stageOf);
  cache.set(KEY, { at: clock.now(), stages });
  return stages;
}

function stageOf(row: Row): Stage {
  const label = String(row['MasterLabel']);
  const value = typeof row['ApiName'] === 'string' && row['ApiName'] !== '' ? row['ApiName'] : label;
  const closed = row['IsWon'] === true ? 'won' : row['IsClosed'] === true ? 'lost' : null;
  return { value, label, closed };
}

/** What a stage is called elsewhere; a value that is none of them (any more) stays as it is. */
export function stageName(stages: readonly Stage[], value: string): string {
  const stage = stages.find((one) => one.value === value);
  return stage === undefined ? value : nameIn(stages, stage);
}

/** The value for a stage of another system; undefined when nothing corresponds to it. */
export function stageValue(stages: readonly Stage[], name: string): string | undefined {
  if (stages.length === 0) return name;
  const wanted = folded(name);
  const found =
    stages.find((stage) => folded(nameIn(stages, stage)) === wanted) ??
    stages.find((stage) => folded(stage.label) === wanted || folded(stage.value) === wanted);
  return found?.value;
}

function nameIn(stages: readonly Stage[], stage: Stage): string {
  const alike = stages.filter(({ closed }) => closed === stage.closed);
  if (stage.closed === null || alike.length > 1) return stage.label;
  return stage.closed === 'won' ? CLOSED_WON : CLOSED_LOST;
}

/** Letters and digits only, in lower case: people write labels in several ways. */
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
