/** A sandbox in a process of its own. Told by message which one to open; the one before is closed. */
import {
  createSandbox as createHubSpot,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_TOKEN,
} from '../../connectors/hubspot/sandbox/index.js';
import { createSandbox as createSalesforce } from '../../connectors/salesforce/sandbox/index.js';
import type { PlannedSystem } from '../plan/plan.js';
import type { Opened } from './salesforce-sandbox.js';

let close: () => Promise<void> = async () => undefined;

async function openSalesforce({ clockOffsetMs }: PlannedSystem): Promise<Opened> {
  const org = await createSalesforce();
  close = () => org.close();
  org.control.advance(clockOffsetMs);
  const { clientId, clientSecret } = org.account;
  return { url: org.url, credentials: { grantType: 'client_credentials', clientId, clientSecret } };
}

async function openHubSpot({ clockOffsetMs, searchDelayMs, oauth }: PlannedSystem): Promise<Opened> {
  const portal = await createHubSpot({ searchDelayMs, now: () => Date.now() + clockOffsetMs });
  close = () => portal.close();
  const credentials = oauth
    ? {
        clientId: SANDBOX_CLIENT_ID,
        clientSecret: SANDBOX_CLIENT_SECRET,
        refreshToken: portal.control.install(),
      }
    : { accessToken: SANDBOX_TOKEN };
  return { url: portal.url, credentials };
}

process.on('message', (system: PlannedSystem) => {
  void (async () => {
    await close();
    process.send?.(await (system.kind === 'salesforce' ? openSalesforce(system) : openHubSpot(system)));
  })();
});
process.on('disconnect', () => process.exit());
