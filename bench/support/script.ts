/** The reference script, run in a process of its own against two sandboxes of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/platform/package-root.js';
import type { ScriptResult, ScriptTask } from '../references/sync-script.js';
import { firstMatch } from './child.js';
import { Sandbox } from './sandbox.js';

const SCRIPT = join(packageRoot(), 'bench', 'references', 'sync-script.ts');

export interface ScriptResults {
  readonly first: ScriptResult;
  readonly changed: ScriptResult;
  readonly nothing: ScriptResult;
}

/** Everything; then after edits of so many; then nothing new. */
export async function runScript(options: {
  readonly records: number;
  readonly edits: number;
  readonly delayMs: number;
}): Promise<ScriptResults> {
  const hubspot = await Sandbox.start('hubspot', options.records);
  const salesforce = await Sandbox.start('salesforce', 0);
  try {
    for (const sandbox of [hubspot, salesforce]) await sandbox.delay(options.delayMs);
    const first = await run(hubspot, salesforce);
    const since = Date.now();
    await hubspot.editTitles(hubspot.ready.ids.slice(0, options.edits), 'Edited');
    const changed = await run(hubspot, salesforce, since);
    return { first, changed, nothing: await run(hubspot, salesforce, Date.now()) };
  } finally {
    await hubspot.stop();
    await salesforce.stop();
  }
}

async function run(hubspot: Sandbox, salesforce: Sandbox, since?: number): Promise<ScriptResult> {
  const { clientId = '', clientSecret = '' } = salesforce.ready.credentials;
  const task: ScriptTask = {
    hubspot: { url: hubspot.ready.url, accessToken: hubspot.ready.credentials['accessToken'] ?? '' },
    salesforce: { url: salesforce.ready.url, clientId, clientSecret },
    ...(since !== undefined && { since }),
  };
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(task)], {
    cwd: packageRoot(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await firstMatch(child, 'stdout', /\{.*\}\n/);
  return JSON.parse(line) as ScriptResult;
}
