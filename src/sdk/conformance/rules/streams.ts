import { ConnectorError } from '../../index.js';
import type { Bench } from '../bench.js';
import type { StreamHarness } from '../harness.js';
import { Listener, type ListenOptions } from '../listener.js';
import { must, type Rule, RuleBroken, shown } from '../rule.js';

/** What a system tells by itself, and what is made of it when it could not tell everything. */
export const streamRules: readonly Rule[] = [
  {
    id: 'stream',
    side: 'stream',
    sentence: 'A user’s change is told as it happens, and reading the record named shows it.',
    remedy: 'Turn each event into the hub’s object name and the record’s own id.',
    needs: ['stream', 'read', 'streaming'],
    check: async (bench) => {
      const [edited = '', ...others] = await bench.seed(5);
      const listener = await listening(bench);
      await bench.edit(edited, 'told by the stream');
      await heard(listener, edited);
      const copy = bench.copy();
      await copy.read([edited]);
      must(
        copy.value(edited, bench.specimen.text) === 'told by the stream',
        () =>
          `record ${edited} was edited, and reading it shows ${shown(copy.value(edited, bench.specimen.text))}`,
      );
      const touched = others.find((id) => listener.has(id));
      must(touched === undefined, () => `record ${String(touched)} was not touched, and an event names it`);
    },
  },
  {
    id: 'stream-kinds',
    side: 'stream',
    sentence: 'New and deleted records are told too, deleted ones as deleted.',
    remedy: 'Map each kind of event the system has; a merge deletes the record that goes.',
    needs: ['stream', 'streaming', 'remove'],
    check: async (bench) => {
      const [gone = ''] = await bench.seed(1);
      const listener = await listening(bench);
      const [made = ''] = await bench.seed(1, { from: 50 });
      await heard(listener, made);
      await bench.system.remove?.(bench.object, gone);
      await listener.expect(
        () => listener.events.some(({ id, kind }) => id === gone && kind === 'deleted'),
        () => `record ${gone} was deleted; the stream tells ${shown(listener.events)}`,
      );
    },
  },
  {
    id: 'stream-begin',
    side: 'stream',
    sentence: 'Opened for the first time, it says that what changed before is not among its events.',
    remedy: 'Without a position, begin now, and give the first batch a gap with the reason `began`.',
    needs: ['stream', 'streaming'],
    check: async (bench) => {
      const listener = await listening(bench);
      must(
        listener.tellsGap('began'),
        () => `the first batch tells of ${shown(listener.gaps)}, of no gap that \`began\``,
      );
    },
  },
  {
    id: 'stream-replay',
    side: 'stream',
    sentence: 'What changed while nobody listened is told when it is opened at the stored position.',
    remedy:
      'Keep in the position of each batch all that is needed to go on right after it, in another process too.',
    needs: ['stream', 'streaming'],
    check: async (bench) => {
      const [first = '', missed = '', last = ''] = await bench.seed(3);
      const position = await positionAfter(bench, first);
      await bench.edit(missed, 'while nobody listened');
      const again = await listening(bench, { position });
      await bench.edit(last, 'while somebody listens');
      await heard(again, last);
      await again.expect(
        () => again.has(missed) || again.tellsGap(),
        () => `record ${missed} was edited while nobody listened; it is neither told nor said to be in a gap`,
      );
    },
  },
  {
    id: 'stream-doubled',
    side: 'stream',
    sentence: 'An event that is told again is known as one by its key; two changes have two keys.',
    remedy: 'Make `dedupeKey` of the number the system gives the event, with object and record.',
    needs: ['stream', 'streaming'],
    check: async (bench) => {
      const [first = '', edited = '', last = ''] = await bench.seed(3);
      const listener = await listening(bench);
      await bench.edit(first, 'first');
      await heard(listener, first);
      const { position } = listener;
      await bench.edit(edited, 'second');
      await heard(listener, edited);
      await bench.edit(edited, 'third');
      await bench.edit(last, 'fourth');
      await heard(listener, last);
      listener.stop();
      const keys = keysOf(listener, edited);
      must(new Set(keys).size >= 2, () => `two changes of a record share a key: ${shown(keys)}`);
      const again = await listening(bench, { position });
      await bench.edit(last, 'fifth');
      await again.expect(
        () => keysOf(again, last).some((key) => !keysOf(listener, last).includes(key)),
        () => `record ${last} was edited again, and that is not told by a key of its own`,
      );
      const strange = keysOf(again, edited).filter((key) => !keys.includes(key));
      must(
        strange.length === 0,
        () => `told again, the keys are others: ${shown(keys)}, then ${shown(strange)}`,
      );
    },
  },
  {
    id: 'stream-own',
    side: 'stream',
    sentence: 'Events of the connector’s own writes say so; those of users’ changes never do.',
    remedy:
      'Mark your writes as the system allows (a client name, a user of its own) and set `own` by that; in doubt say false.',
    needs: ['stream', 'push', 'streaming', 'own'],
    check: async (bench) => {
      const [ours = '', theirs = ''] = await bench.seed(2);
      const listener = await listening(bench);
      await bench.push([bench.update(ours, { [bench.specimen.text]: 'ours' }, {})]);
      await heard(listener, ours);
      await bench.edit(theirs, 'theirs');
      await heard(listener, theirs);
      must(
        listener.events.some(({ id, own }) => id === ours && own),
        () => `the connector wrote record ${ours}, and the event does not say that it is its own`,
      );
      const wrong = listener.events.find(({ id, own }) => id === theirs && own);
      must(wrong === undefined, () => `a user edited record ${theirs}, and the event says the connector did`);
    },
  },
  {
    id: 'stream-expired',
    side: 'stream',
    sentence: 'A position that the system no longer has is said to be a gap, and listening goes on.',
    remedy: 'Where the system refuses a position as too old, begin now, with a gap of the reason `expired`.',
    needs: ['stream', 'streaming'],
    check: async (bench) => {
      const [first = '', missed = '', last = ''] = await bench.seed(3);
      const memory = new Map<string, unknown>();
      const position = await positionAfter(bench, first, memory);
      await bench.edit(missed, 'while nobody listened');
      await harnessOf(bench).forget();
      const again = await listening(bench, { position, memory });
      await bench.edit(last, 'while somebody listens');
      await heard(again, last);
      must(
        again.has(missed) || again.tellsGap('expired'),
        () =>
          `what changed since the position is lost, and there is no gap that \`expired\`: ${shown(again.gaps)}`,
      );
    },
  },
  {
    id: 'stream-overflow',
    side: 'stream',
    sentence: 'Where the system says that it left changes out, a gap is told.',
    remedy: 'Turn what the system sends in place of events into a gap of the reason `overflow`.',
    needs: ['stream', 'streaming'],
    check: async (bench) => {
      const [first = '', last = ''] = await bench.seed(2);
      const listener = await listening(bench);
      await bench.edit(first, 'told');
      await heard(listener, first);
      await harnessOf(bench).overflow(bench.object);
      await bench.edit(last, 'told again');
      await heard(listener, last);
      must(
        listener.tellsGap('overflow'),
        () => `the system left changes out and said so; the gaps told are ${shown(listener.gaps)}`,
      );
    },
  },
  {
    id: 'stream-broken',
    side: 'stream',
    sentence: 'When the connection breaks it goes on by itself, or throws what can pass; nothing is lost.',
    remedy:
      'Throw a ConnectorError of the kind `transient`: the hub opens the stream again at the last stored position.',
    needs: ['stream', 'streaming'],
    check: async (bench) => {
      const [first = '', missed = ''] = await bench.seed(2);
      const memory = new Map<string, unknown>();
      const listener = await listening(bench, { memory });
      await bench.edit(first, 'before');
      await heard(listener, first);
      await harnessOf(bench).cut();
      await bench.edit(missed, 'meanwhile');
      try {
        await heard(listener, missed);
        return;
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        must(
          error.kind === 'transient' || error.kind === 'throttled',
          () => `a connection that breaks is said to be a ${error.kind} failure (${error.code})`,
        );
      }
      await heard(await listening(bench, { position: listener.position, memory }), missed);
    },
  },
  {
    id: 'stream-stops',
    side: 'stream',
    sentence: 'It ends when it is told to, also while it waits for events.',
    remedy: 'Make all calls by `ctx.http`, sleep by `ctx.clock`, and let go when `ctx.signal` aborts.',
    needs: ['stream', 'streaming'],
    check: async (bench) => {
      const [id = ''] = await bench.seed(1);
      const listener = await listening(bench);
      await bench.edit(id, 'told');
      await heard(listener, id);
      await listener.stopped();
    },
  },
];

function harnessOf(bench: Bench): StreamHarness {
  if (bench.system.streaming === undefined) throw new RuleBroken('the harness has no `streaming`');
  return bench.system.streaming;
}

/** The subscription stands. */
async function listening(bench: Bench, options: ListenOptions = {}): Promise<Listener> {
  const listener = new Listener(bench, options);
  await listener.stands();
  return listener;
}

async function heard(listener: Listener, id: string): Promise<void> {
  await listener.expect(
    () => listener.has(id),
    () => `record ${id} was changed while the stream was open, and no event names it`,
  );
}

/** Listens until one event has come, and stops: where the hub would go on. */
async function positionAfter(
  bench: Bench,
  id: string,
  memory: Map<string, unknown> = new Map<string, unknown>(),
): Promise<string | null> {
  const listener = await listening(bench, { memory });
  await bench.edit(id, 'heard');
  await heard(listener, id);
  listener.stop();
  return listener.position;
}

function keysOf(listener: Listener, id: string): readonly string[] {
  return listener.events.filter((event) => event.id === id).map(({ dedupeKey }) => dedupeKey);
}
