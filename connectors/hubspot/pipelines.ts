/**
 * Pipelines of deals and their stages. HubSpot names stages by ids that mean nothing elsewhere; they cross the border by
 * their labels. The only won, and the only lost stage of a pipeline are called the same in every system.
 */
import { z } from 'zod';
import type { HubSpotApi } from './client.js';
import type { HubSpotContext } from './config.js';
import { unexpected } from './record.js';
import { stateOf } from './state.js';

export interface Stage {
  readonly id: string;
  readonly label: string;
  readonly closed: 'won' | 'lost' | null;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly stages: readonly Stage[];
}

/** The first is where a deal goes that names none. */
export type Pipelines = readonly Pipeline[];

export const CLOSED_WON = 'Closed Won';
export const CLOSED_LOST = 'Closed Lost';

/** A stage made a moment ago is known after so long at the latest. */
const FRESH_MS = 30_000;
/** HubSpot's own id of the pipeline every account begins with. */
const DEFAULT_PIPELINE = 'default';

/** `metadata.isClosed` and `metadata.probability` (0.0 to 1.0) are texts: Pipelines API, "Deal stages". */
const pipelineSchema = z.object({
  id: z.string(),
  label: z.string(),
  displayOrder: z.number().catch(0),
  archived: z.boolean().optional().catch(false),
  stages: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      displayOrder: z.number().catch(0),
      archived: z.boolean().optional().catch(false),
      metadata: z.record(z.string(), z.unknown()).catch({}),
    }),
  ),
});

export async function pipelinesOf(ctx: HubSpotContext, api: HubSpotApi): Promise<Pipelines> {
  const state = stateOf(ctx);
  if (state.pipelines !== undefined && state.pipelines.at + FRESH_MS > ctx.clock.now())
    return state.pipelines.value;
  const parsed = z.array(pipelineSchema).safeParse(await api.dealPipelines());
  if (!parsed.success) throw unexpected('a list of pipelines');
  const value = parsed.data
    .filter((pipeline) => pipeline.archived !== true)
    .sort((a, b) => rank(a) - rank(b))
    .map(({ id, label, stages }) => ({
      id,
      label,
      stages: stages
        .filter((stage) => stage.archived !== true)
        .sort((a, b) => a.displayOrder - b.displayOrder)
        .map((stage) => ({ id: stage.id, label: stage.label, closed: closedOf(stage.metadata) })),
    }));
  state.pipelines = { at: ctx.clock.now(), value };
  return value;
}

function rank({ id, displayOrder }: { readonly id: string; readonly displayOrder: number }): number {
  return id === DEFAULT_PIPELINE ? -1 : displayOrder;
}

function closedOf(metadata: Readonly<Record<string, unknown>>): Stage['closed'] {
  const probability = Number(metadata['probability']);
  const told = metadata['isClosed'];
  const isClosed = told === undefined ? undefined : told === true || told === 'true';
  if (isClosed === false || (isClosed === undefined && probability !== 1 && probability !== 0)) return null;
  return probability === 1 ? 'won' : 'lost';
}

/** What a stage is called elsewhere; undefined when there is no such stage. */
export function stageName(pipelines: Pipelines, stageId: string): string | undefined {
  for (const pipeline of pipelines) {
    const stage = pipeline.stages.find(({ id }) => id === stageId);
    if (stage !== undefined) return nameIn(pipeline, stage);
  }
  return undefined;
}

function nameIn(pipeline: Pipeline, stage: Stage): string {
  if (stage.closed === null) return stage.label;
  const alike = pipeline.stages.filter(({ closed }) => closed === stage.closed);
  if (alike.length > 1) return stage.label;
  return stage.closed === 'won' ? CLOSED_WON : CLOSED_LOST;
}

/** The stage of a pipeline that a name means: by what it is called elsewhere, its label, or its id. */
export function stageNamed(pipeline: Pipeline, name: string): Stage | undefined {
  const wanted = folded(name);
  return (
    pipeline.stages.find((stage) => folded(nameIn(pipeline, stage)) === wanted) ??
    pipeline.stages.find((stage) => folded(stage.label) === wanted || stage.id === name.trim())
  );
}

export function pipelineNamed(pipelines: Pipelines, name: string): Pipeline | undefined {
  const wanted = folded(name);
  return pipelines.find((pipeline) => folded(pipeline.label) === wanted || pipeline.id === name.trim());
}

/** Letters and digits only, in lower case: people write labels in several ways. */
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
