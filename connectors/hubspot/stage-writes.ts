/** Stages to be written: a stage is one of a pipeline, so the pipeline of each deal must be known first. */
import type { CreateOperation, JsonValue, Rejection, UpdateOperation } from '../../src/sdk/index.js';
import { readBatches } from './batch-read.js';
import { rejection } from './errors.js';
import { PIPELINE, STAGE } from './objects.js';
import { pipelineNamed, stageName, stageNamed, type Pipeline } from './pipelines.js';
import type { Session } from './session.js';

export type StageWrite = { readonly properties: Readonly<Record<string, string>> } | Rejection;

/** What to write of stage and pipeline, by the operation's key. Operations that write neither are not in it. */
export async function stageWrites(
  session: Session,
  operations: readonly (CreateOperation | UpdateOperation)[],
): Promise<ReadonlyMap<string, StageWrite>> {
  if (session.facts.object !== 'deal') return new Map();
  const moving = operations.filter(({ values }) => STAGE in values || PIPELINE in values);
  const present = await presentStages(session, moving);
  return new Map(
    moving.map((operation) => [
      operation.key,
      stageWrite(session, operation, operation.kind === 'update' ? present.get(operation.id) : undefined),
    ]),
  );
}

interface Place {
  readonly pipeline: string | null;
  readonly stage: string | null;
}

async function presentStages(
  session: Session,
  operations: readonly (CreateOperation | UpdateOperation)[],
): Promise<ReadonlyMap<string, Place>> {
  const ids = operations.flatMap((operation) => (operation.kind === 'update' ? [operation.id] : []));
  if (ids.length === 0) return new Map();
  const records = await readBatches(session, ids, { properties: [PIPELINE, STAGE] });
  return new Map(
    records.map(({ id, properties }) => [
      id,
      { pipeline: properties[PIPELINE] ?? null, stage: properties[STAGE] ?? null },
    ]),
  );
}

function stageWrite(
  { pipelines }: Session,
  { kind, values }: CreateOperation | UpdateOperation,
  present: Place | undefined,
): StageWrite {
  const asked = textOf(values[PIPELINE]);
  const own = pipelines.find(({ id }) => id === present?.pipeline);
  const pipeline = asked === undefined ? (own ?? pipelines[0]) : pipelineNamed(pipelines, asked);
  if (pipeline === undefined) return rejection('UNMAPPED_PIPELINE', PIPELINE, 'no pipeline of that name');
  const name = textOf(values[STAGE]) ?? nameNow(pipelines, present);
  const stage = name === undefined ? undefined : stageNamed(pipeline, name);
  if (stage === undefined) {
    const property = STAGE in values ? STAGE : PIPELINE;
    return rejection('UNMAPPED_STAGE', property, `the stages of the pipeline: ${labels(pipeline)}`);
  }
  const moves = kind === 'create' || pipeline.id !== present?.pipeline;
  return { properties: { ...(moves ? { [PIPELINE]: pipeline.id } : {}), [STAGE]: stage.id } };
}

/** A deal that changes its pipeline only stays in its stage, as far as the other pipeline has it. */
function nameNow(pipelines: Session['pipelines'], present: Place | undefined): string | undefined {
  return present?.stage == null ? undefined : stageName(pipelines, present.stage);
}

function labels({ stages }: Pipeline): string {
  return stages.map(({ label }) => label).join(', ');
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
