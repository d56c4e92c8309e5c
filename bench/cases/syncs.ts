/** The first sync both ways, the next with 1 % changed, and one with nothing changed; the script's figures beside them. */
import type { Bench } from '../bench.js';
import type { Figure } from '../figures.js';
import { Pair, type Synced } from '../support/pair.js';
import { runScript, type ScriptResults } from '../support/script.js';

const SIZE = 10_000;
const LARGE = 100_000;
const DELAYS_MS = [0, 50];
const CHANGED = 0.01;

interface Syncs {
  readonly first: Synced;
  readonly changed: Synced;
  readonly nothing: Synced;
  readonly peakMemoryMiB: number;
}

export async function syncs(bench: Bench): Promise<readonly Figure[]> {
  const records = bench.records ?? (bench.full ? LARGE : SIZE);
  const edits = Math.ceil(records * CHANGED);
  const figures: Figure[] = [];
  for (const delayMs of DELAYS_MS) {
    bench.tell(`first sync of ${String(records)} both ways, answers after ${String(delayMs)} ms`);
    const script = await runScript({ records, edits, delayMs });
    const hub = await runHub(bench, { records, edits, delayMs });
    figures.push(...figuresOf({ records, edits, delayMs }, hub, script));
  }
  return figures;
}

interface Size {
  readonly records: number;
  readonly edits: number;
  readonly delayMs: number;
}

async function runHub({ postgres, profile }: Bench, { records, edits, delayMs }: Size): Promise<Syncs> {
  const pair = await Pair.start(postgres, {
    name: `sync_${String(delayMs)}`,
    records,
    delayMs,
    profileTo: profile,
  });
  try {
    const first = await pair.sync();
    await pair.links(records);
    // What echoes of the first sync are left is read here.
    await pair.sync();
    await pair.hubspot.editTitles(pair.hubspot.ready.ids.slice(0, edits), 'Edited');
    const changed = await pair.sync();
    await pair.sync();
    const nothing = await pair.sync();
    return { first, changed, nothing, peakMemoryMiB: pair.hub.peakMemoryMiB() };
  } finally {
    await pair.stop();
  }
}

function figuresOf({ records, edits, delayMs }: Size, hub: Syncs, script: ScriptResults): readonly Figure[] {
  const where = delayMs === 0 ? '' : `, answers after ${String(delayMs)} ms`;
  const nothing = `nothing changed of ${String(records)}${where}`;
  const { hubspot, salesforce } = hub.nothing.calls;
  const isAimed = delayMs === 0;
  return [
    {
      name: `first sync both ways, ${String(records)}${where}`,
      value: records / hub.first.seconds,
      unit: 'records/s',
      ...(isAimed && { aim: { atLeast: 3_000, share: 0.2 } }),
      reference: { what: 'script', value: records / script.first.seconds },
    },
    {
      name: `first sync both ways, ${String(records)}${where}, peak memory`,
      value: hub.peakMemoryMiB,
      unit: 'MiB',
      ...(isAimed && { aim: { atMost: 300 } }),
      reference: { what: 'script', value: script.first.peakMemoryMiB },
    },
    {
      name: `1 % changed of ${String(records)}${where}`,
      value: hub.changed.seconds,
      unit: 's',
      reference: { what: 'script', value: script.changed.seconds },
      note: `${String(edits)} written in ${String(hub.changed.calls.salesforce.writes)} calls`,
    },
    {
      name: nothing,
      value: hub.nothing.seconds,
      unit: 's',
      ...(isAimed && { aim: { atMost: 1 } }),
      reference: { what: 'script', value: script.nothing.seconds },
    },
    {
      name: `${nothing}, calls to HubSpot for contacts`,
      value: hubspot.all,
      unit: 'calls',
      aim: { atMost: 1 },
      reference: { what: 'script', value: script.nothing.calls },
    },
    {
      name: `${nothing}, calls to Salesforce for contacts`,
      value: salesforce.all,
      unit: 'calls',
      aim: { atMost: 1 },
    },
    {
      name: `${nothing}, writes`,
      value: hubspot.writes + salesforce.writes,
      unit: 'calls',
      aim: { atMost: 0 },
    },
  ];
}
