/** Writing links. Of a primary link the former one goes: it stands for the account the record left. */
import type { Rejection } from '../../src/sdk/index.js';
import { linkedTo } from './associations.js';
import { pairKey, type Pair } from './associations-client.js';
import { chunks, mapAtOnce } from './chunks.js';
import { RefusedError } from './failures.js';
import type { LinkFacts, LinkIds } from './links.js';
import type { Session } from './session.js';
import { contextValues, type VendorError } from './vendor-error.js';

/** Pairs HubSpot takes in one call. */
const PAIRS = 2000;

export interface LinkWish {
  readonly id: string;
  readonly wanted: LinkIds;
  /** What the hub last saw: in a list only what differs from it is added and removed. */
  readonly before: LinkIds;
}

export interface LinkResult {
  /**
   * The links each record has now, as far as they are the hub's to tell: what other people linked meanwhile is not in a
   * list, so that the next read brings it as theirs.
   */
  readonly stored: ReadonlyMap<string, LinkIds>;
  /** By record. */
  readonly rejections: ReadonlyMap<string, Rejection>;
}

/** Throws what {@link send} throws; sending again does no harm. */
export async function writeLinks(
  session: Session,
  link: LinkFacts,
  wishes: readonly LinkWish[],
): Promise<LinkResult> {
  const stored = new Map<string, LinkIds>();
  const rejections = new Map<string, Rejection>();
  if (wishes.length === 0) return { stored, rejections };
  const present = await beforeWriting(session, link, wishes);
  for (const { id, wanted } of wishes) stored.set(id, wanted);

  const additions = wishes.flatMap(({ id, wanted }): Pair[] => {
    const there = new Set(present.get(id));
    return wanted.flatMap((to) => (there.has(to) ? [] : [{ from: id, to }]));
  });
  for (const [from, refused] of await create(session, link, additions)) {
    rejections.set(from, refused);
    stored.set(from, present.get(from) ?? []);
  }
  const removals = wishes.flatMap(({ id, wanted }): Pair[] => {
    const stays = new Set(wanted);
    if (rejections.has(id)) return [];
    return (present.get(id) ?? []).flatMap((to) => (stays.has(to) ? [] : [{ from: id, to }]));
  });
  await mapAtOnce(chunks(removals, PAIRS), 1, (pairs) =>
    session.api.associations.remove({ facts: session.facts, link }, pairs),
  );
  return { stored, rejections };
}

/** Which company is the primary one is asked again: the former must go, whichever it is by now. */
async function beforeWriting(
  session: Session,
  link: LinkFacts,
  wishes: readonly LinkWish[],
): Promise<ReadonlyMap<string, LinkIds>> {
  if (link.kind === 'list') return new Map(wishes.map(({ id, before }) => [id, before]));
  return linkedTo(
    session,
    link,
    wishes.map(({ id }) => id),
  );
}

async function create(
  session: Session,
  link: LinkFacts,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, Rejection>> {
  const refused = new Map<string, Rejection>();
  for (const batch of chunks(pairs, PAIRS)) {
    for (const [from, error] of await createBatch(session, link, batch))
      refused.set(from, refusal(link, error));
  }
  return refused;
}

/** The pairs that did not become so, with HubSpot's words; one bad pair must not keep the others back. */
async function createBatch(
  session: Session,
  link: LinkFacts,
  pairs: readonly Pair[],
): Promise<readonly (readonly [string, VendorError])[]> {
  const [only] = pairs;
  if (only === undefined) return [];
  try {
    const { done, errors } = await session.api.associations.create({ facts: session.facts, link }, pairs);
    if (errors.length === 0) return [];
    const failed = pairs.filter((pair) => !done.has(pairKey(pair)));
    return failed.map((pair) => [pair.from, errorOf(pair, errors)] as const);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (pairs.length === 1) return [[only.from, error.error]];
    const middle = Math.ceil(pairs.length / 2);
    return [
      ...(await createBatch(session, link, pairs.slice(0, middle))),
      ...(await createBatch(session, link, pairs.slice(middle))),
    ];
  }
}

function errorOf({ from, to }: Pair, errors: readonly VendorError[]): VendorError {
  const names = (error: VendorError): boolean =>
    ['ids', 'fromObjectId', 'toObjectId'].some((key) =>
      contextValues(error, key).some((id) => id === from || id === to),
    );
  return errors.find(names) ?? errors[0] ?? { message: '' };
}

function refusal(link: LinkFacts, error: VendorError): Rejection {
  const what = link.to === 'company' ? 'company' : 'contact';
  return {
    code: error.subCategory ?? error.category ?? 'ASSOCIATION_REFUSED',
    property: link.property,
    message: `HubSpot does not link the record to this ${what}.`,
    remedy: `The ${what} may be archived or merged in HubSpot: restore it there, or sync ${link.toPlural} again.`,
    detail: error.message,
  };
}
