/** What the demo plays on: two sandboxes with their people, and the hub between them. */
import {
  createSandbox as createHubSpot,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_TOKEN,
  type Sandbox as HubSpot,
} from '../../connectors/hubspot/sandbox/index.js';
import {
  createSandbox as createSalesforce,
  type Sandbox as Salesforce,
} from '../../connectors/salesforce/sandbox/index.js';
import { seedHubSpot } from './data/seed-hubspot.js';
import { seedSalesforce } from './data/seed-salesforce.js';
import { inventWorld, type World } from './data/world.js';
import { hubSpotSystem, salesforceSystem, type System } from './systems.js';

export interface Stage {
  readonly salesforce: Salesforce;
  readonly hubSpot: HubSpot;
  readonly systems: readonly System[];
  readonly world: World;
  /** What the configuration takes from the environment. */
  readonly secrets: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function setStage(people: number): Promise<Stage> {
  const world = inventWorld({ people, companies: Math.max(12, Math.round((people * 3) / 20)) });
  const salesforce = await createSalesforce();
  const hubSpot = await createHubSpot();
  seedSalesforce(salesforce, world, Date.now());
  seedHubSpot(hubSpot, world, Date.now());
  return {
    salesforce,
    hubSpot,
    systems: [salesforceSystem(salesforce), hubSpotSystem(hubSpot)],
    world,
    secrets: {
      SF_CLIENT_ID: salesforce.account.clientId,
      SF_CLIENT_SECRET: salesforce.account.clientSecret,
      HUBSPOT_TOKEN: SANDBOX_TOKEN,
      HUBSPOT_CLIENT_SECRET: SANDBOX_CLIENT_SECRET,
    },
    close: async () => {
      await hubSpot.close();
      await salesforce.close();
    },
  };
}

/** From now on HubSpot tells the hub of every change, as its app would: signed, over HTTP. */
export function sendWebhooks({ hubSpot }: Stage, hubUrl: string): void {
  hubSpot.control.subscribe({ targetUrl: `${hubUrl}/webhooks/hubspot`, clientSecret: SANDBOX_CLIENT_SECRET });
}
