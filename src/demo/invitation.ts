import { ApiKeysService } from '../access/api-keys.service.js';
import type { Arrival } from './edit.js';
import type { DemoHub } from './hub.js';
import type { Screen } from './screen.js';
import type { Stage } from './stage.js';

/** What somebody may try while the demo stays up. */
export async function invite(
  hub: DemoHub,
  stage: Stage,
  { arrival, screen }: { readonly arrival: Arrival; readonly screen: Screen },
): Promise<void> {
  const { key } = await hub.get(ApiKeysService).create({ name: 'demo', scope: 'read' });
  const search = encodeURIComponent(arrival.who.split(' ').at(-1) ?? '');
  const rapport = `RAPPORT_DATA_DIR=${hub.dataDir} npx rapport`;
  screen.heading('It stays up. Try:');
  screen.line(`  hub       ${hub.url}`);
  screen.line(`  API docs  ${hub.url}/docs`);
  screen.line(`  read key  ${key}`);
  const tries: readonly (readonly [string, string])[] = [
    ['Find somebody', `curl -s -H 'Authorization: Bearer ${key}' '${hub.url}/api/v1/customers?q=${search}'`],
    [
      'Edit as a HubSpot user, then look at Salesforce',
      `curl -s -H 'Content-Type: application/json' -d '["contacts","${arrival.hubSpotId}",{"jobtitle":"Chairman of the Supervisory Board"}]' ${stage.hubSpot.url}/__control/edit`,
    ],
    ['', `curl -s -d '["${arrival.salesforceId}"]' ${stage.salesforce.url}/__control/record`],
    ['Ask who is who, and why a value won', `${rapport} customer '${arrival.who}'`],
    ['', `${rapport} explain ${arrival.goldenId} phone`],
    ['What could not be synced, with remedies', `${rapport} issues`],
    ['What another sync would do', `${rapport} sync --dry-run`],
  ];
  for (const [what, command] of tries) {
    if (what !== '') screen.line(`\n  ${what}:`);
    screen.line(`    ${command}`);
  }
  screen.line('\n  Ctrl-C ends it and removes its data.');
}
