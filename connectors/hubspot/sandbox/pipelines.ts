/** Pipelines of deals, as a new account has them and as a customer may add them. */

interface SandboxStage {
  readonly id: string;
  readonly label: string;
  /** From 0 to 1; of a closed stage 0 or 1. */
  readonly probability: number;
  readonly closed: boolean;
}

export interface SandboxPipeline {
  readonly id: string;
  readonly label: string;
  readonly stages: readonly SandboxStage[];
}

function stage(id: string, label: string, probability: number, closed = false): SandboxStage {
  return { id, label, probability, closed };
}

export const PIPELINES: readonly SandboxPipeline[] = [
  {
    id: 'default',
    label: 'Sales Pipeline',
    stages: [
      stage('appointmentscheduled', 'Appointment scheduled', 0.2),
      stage('qualifiedtobuy', 'Qualification', 0.4),
      stage('presentationscheduled', 'Presentation scheduled', 0.6),
      stage('contractsent', 'Negotiation/Review', 0.9),
      stage('closedwon', 'Closed won', 1, true),
      stage('closedlost', 'Closed lost', 0, true),
    ],
  },
  {
    id: '720001',
    label: 'Renewals',
    stages: [
      stage('990001', 'Qualification', 0.3),
      stage('990002', 'Negotiation/Review', 0.7),
      stage('990003', 'Renewed', 1, true),
      stage('990004', 'Churned', 0, true),
    ],
  },
];

/** As `GET /crm/v3/pipelines/deals` answers. */
export function renderPipelines(): readonly object[] {
  return PIPELINES.map(({ id, label, stages }, displayOrder) => ({
    id,
    label,
    displayOrder,
    archived: false,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    stages: stages.map((one, order) => ({
      id: one.id,
      label: one.label,
      displayOrder: order,
      archived: false,
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt: '2026-01-01T00:00:00Z',
      writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
      metadata: { isClosed: String(one.closed), probability: one.probability.toFixed(1) },
    })),
  }));
}

export function stageOf(id: string): (SandboxStage & { readonly pipeline: string }) | undefined {
  for (const { id: pipeline, stages } of PIPELINES) {
    const found = stages.find((one) => one.id === id);
    if (found !== undefined) return { ...found, pipeline };
  }
  return undefined;
}
