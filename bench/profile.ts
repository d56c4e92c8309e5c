/** What a CPU profile of the hub says: `tsx bench/profile.ts FOLDER`. Self time by package or source file, and by function. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const [folder = '.', lines = '40'] = process.argv.slice(2);

function placeOf(url: string): string {
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return inPackage ?? /dist\/(.+)$/.exec(url)?.[1] ?? url;
}

for (const name of readdirSync(folder).filter((one) => one.endsWith('.cpuprofile'))) {
  const profile = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile;
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((id) => [id, node.id])));
  const byPlace = new Map<string, number>();
  const byFunction = new Map<string, number>();
  const inclusive = new Map<string, number>();
  let total = 0;
  for (const [index, id] of profile.samples.entries()) {
    const ms = (profile.timeDeltas[index] ?? 0) / 1000;
    const frame = nodes.get(id)?.callFrame;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    total += ms;
    const place = frame.url === '' ? frame.functionName : placeOf(frame.url);
    const label = `${frame.functionName} ${place}:${String(frame.lineNumber + 1)}`;
    byPlace.set(place, (byPlace.get(place) ?? 0) + ms);
    byFunction.set(label, (byFunction.get(label) ?? 0) + ms);
    const seen = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const one = nodes.get(at)?.callFrame;
      if (!one?.url.includes('/dist/')) continue;
      seen.add(`${one.functionName} ${placeOf(one.url)}`);
    }
    for (const key of seen) inclusive.set(key, (inclusive.get(key) ?? 0) + ms);
  }
  const print = (title: string, map: ReadonlyMap<string, number>): void => {
    process.stdout.write(`\n${title}\n`);
    for (const [key, ms] of [...map].sort((a, b) => b[1] - a[1]).slice(0, Number(lines)))
      process.stdout.write(
        `${ms.toFixed(0).padStart(7)} ms ${((100 * ms) / total).toFixed(1).padStart(5)} % ${key}\n`,
      );
  };
  process.stdout.write(`${name}: ${total.toFixed(0)} ms busy\n`);
  print('by package or file', byPlace);
  print('by function', byFunction);
  print('with all they call', inclusive);
}
