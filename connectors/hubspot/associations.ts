/** Which company is a contact's primary one. */
import type { ContactLinks } from './associations-client.js';
import { chunks, mapAtOnce } from './chunks.js';
import { refusalError, RefusedError } from './failures.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';
import type { CompanyLink } from './source-record.js';
import { contextValues, type VendorError } from './vendor-error.js';

/** Contacts HubSpot takes in one read of associations. */
export const ASSOCIATION_BATCH = 1000;

/** Contacts with more than 500 companies are read on so often before their primary one is given up. */
const MAX_FOLLOW_UPS = 20;

/**
 * The primary company's id of each contact, null for none. Contacts HubSpot failed to tell about are left out, so
 * that a fault is not taken for a removed company.
 */
export async function primaryCompanies(
  session: Session,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const links = new Map<string, string | null>();
  await mapAtOnce(chunks([...new Set(contactIds)], ASSOCIATION_BATCH), 2, async (ids) => {
    let inputs: readonly { readonly id: string; readonly after?: string }[] = ids.map((id) => ({ id }));
    for (let round = 0; inputs.length > 0 && round < MAX_FOLLOW_UPS; round += 1) {
      const answer = await read(session, inputs);
      const told = new Map(answer.links.map((link) => [link.contactId, link]));
      const unsure = unsureIds(answer.errors);
      inputs = inputs.flatMap(({ id }) => {
        const link = told.get(id);
        if (link === undefined && (unsure === 'all' || unsure.has(id))) return [];
        const primary = link?.companies.find((company) => company.primary);
        if (primary === undefined && link !== undefined && link.next !== null)
          return [{ id, after: link.next }];
        links.set(id, primary?.id ?? null);
        return [];
      });
    }
  });
  return links;
}

async function read(
  session: Session,
  inputs: readonly { readonly id: string; readonly after?: string }[],
): Promise<{ readonly links: readonly ContactLinks[]; readonly errors: readonly VendorError[] }> {
  try {
    return await session.api.associations.read(inputs);
  } catch (error) {
    if (error instanceof RefusedError) throw refusalError(error, 'read associations');
    throw error;
  }
}

/** Contacts of which an error says something else than that there is no company. */
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

/** From the associations that come with a listed record; undefined when it was listed without. */
export function listedCompany(record: HubSpotRecord): CompanyLink {
  if (record.companies === undefined) return undefined;
  return record.companies.find(({ type }) => type === 'contact_to_company')?.id ?? null;
}
