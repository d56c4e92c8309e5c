/** Which records a record is linked to: its primary company, or all contacts of a deal. */
import type { FoundLinks } from './associations-client.js';
import { chunks, mapAtOnce } from './chunks.js';
import { refusalError, RefusedError } from './failures.js';
import type { LinkFacts, LinkIds, RecordLinks } from './links.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';
import { contextValues, type VendorError } from './vendor-error.js';

/** Records HubSpot takes in one read of associations. */
export const ASSOCIATION_BATCH = 1000;

/** Records with more than 500 links are read on so often before the rest is given up. */
const MAX_FOLLOW_UPS = 20;

/** All wanted links of each record. A record HubSpot failed to tell about lacks the link it failed on. */
export async function linksOfRecords(
  session: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RecordLinks>> {
  const found = new Map<string, Record<string, LinkIds>>(ids.map((id) => [id, {}]));
  for (const link of session.wanted.links) {
    for (const [id, to] of await linkedTo(session, link, ids)) {
      const links = found.get(id);
      if (links !== undefined) links[link.property] = to;
    }
  }
  return found;
}

/**
 * The ids at the other end for each record, none where it has no link. Records HubSpot failed to tell about are left
 * out, so that a fault is not taken for a removed link.
 */
export async function linkedTo(
  session: Session,
  link: LinkFacts,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LinkIds>> {
  const links = new Map<string, LinkIds>();
  await mapAtOnce(chunks([...new Set(ids)], ASSOCIATION_BATCH), 2, async (batch) => {
    const before = new Map<string, readonly string[]>();
    let inputs: readonly { readonly id: string; readonly after?: string }[] = batch.map((id) => ({ id }));
    for (let round = 0; inputs.length > 0 && round < MAX_FOLLOW_UPS; round += 1) {
      const answer = await read(session, link, inputs);
      const told = new Map(answer.links.map((one) => [one.from, one]));
      const unsure = unsureIds(answer.errors);
      inputs = inputs.flatMap(({ id }) => {
        const one = told.get(id);
        if (one === undefined && (unsure === 'all' || unsure.has(id))) return [];
        const to = [...(before.get(id) ?? []), ...(one?.to ?? [])];
        const isFound = link.kind === 'primary' && to.length > 0;
        const next = one?.next ?? null;
        if (next !== null && !isFound) {
          before.set(id, to);
          return [{ id, after: next }];
        }
        links.set(id, link.kind === 'primary' ? to.slice(0, 1) : [...new Set(to)]);
        return [];
      });
    }
  });
  return links;
}

async function read(
  session: Session,
  link: LinkFacts,
  inputs: readonly { readonly id: string; readonly after?: string }[],
): Promise<{ readonly links: readonly FoundLinks[]; readonly errors: readonly VendorError[] }> {
  try {
    return await session.api.associations.read({ facts: session.facts, link }, inputs);
  } catch (error) {
    if (error instanceof RefusedError) throw refusalError(error, 'read associations');
    throw error;
  }
}

/** Records of which an error says something else than that there is no link. */
function unsureIds(errors: readonly VendorError[]): ReadonlySet<string> | 'all' {
  const unsure = new Set<string>();
  for (const error of errors) {
    if ((error.subCategory ?? '').includes('NO_ASSOCIATIONS_FOUND') || error.category === 'OBJECT_NOT_FOUND')
      continue;
    const ids = [...contextValues(error, 'fromObjectId'), ...contextValues(error, 'ids')];
    if (ids.length === 0) return 'all';
    for (const id of ids) unsure.add(id);
  }
  return unsure;
}

/**
 * From the associations that come with a listed record; a record listed without has none. undefined where there are
 * more than the list tells.
 */
export function listedLinks(record: HubSpotRecord, links: readonly LinkFacts[]): RecordLinks | undefined {
  const found: Record<string, LinkIds> = {};
  for (const link of links) {
    const listed = record.associations?.[link.toPlural];
    if (listed?.more === true) return undefined;
    const entries = (listed?.entries ?? []).filter(
      ({ type }) => link.kind === 'list' || type === link.listed,
    );
    const ids = [...new Set(entries.map(({ id }) => id))];
    found[link.property] = link.kind === 'primary' ? ids.slice(0, 1) : ids;
  }
  return found;
}
