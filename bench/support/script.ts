/** The reference scripts, run in processes of their own against two sandboxes of their own. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/platform/package-root.js';
import type { ScriptResult, ScriptTask } from '../references/sync-script.js';
import { ended, firstMatch, startProcess } from './child.js';
import { Sandbox } from './sandbox.js';

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
    const first = await run(taskOf(hubspot, salesforce));
    const since = Date.now();
    await hubspot.editTitles(hubspot.ready.ids.slice(0, options.edits), 'Edited');
    const changed = await run({ ...taskOf(hubspot, salesforce), since });
    const nothing = await run({ ...taskOf(hubspot, salesforce), since: Date.now() });
    return { first, changed, nothing };
  } finally {
    await hubspot.stop();
    await salesforce.stop();
  }
}

export interface Relay {
  readonly url: string;
  stop(): Promise<void>;
}

/** From HubSpot's webhooks to Salesforce. */
export async function startRelay(hubspot: Sandbox, salesforce: Sandbox): Promise<Relay> {
  const child = start('relay-script.ts', taskOf(hubspot, salesforce));
  const [line] = await firstMatch(child, 'stdout', /\{.*\}\n/);
  const { url } = JSON.parse(line) as { readonly url: string };
  return {
    url,
    stop: async () => {
      child.stdin?.end();
      await ended(child);
    },
  };
}

async function run(task: ScriptTask): Promise<ScriptResult> {
  const [line] = await firstMatch(start('sync-script.ts', task), 'stdout', /\{.*\}\n/);
  return JSON.parse(line) as ScriptResult;
}

function start(script: string, task: ScriptTask): ChildProcess {
  const path = join(packageRoot(), 'bench', 'references', script);
  return startProcess([path, JSON.stringify(task)], {
    cwd: packageRoot(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function taskOf(hubspot: Sandbox, salesforce: Sandbox): ScriptTask {
  const { clientId = '', clientSecret = '' } = salesforce.ready.credentials;
  return {
    hubspot: { url: hubspot.ready.url, accessToken: hubspot.ready.credentials['accessToken'] ?? '' },
    salesforce: { url: salesforce.ready.url, clientId, clientSecret },
  };
}
