/** Writing a contact's primary company. The former one goes: it stands for the account the customer left. */
import type { Rejection } from '../../src/sdk/index.js';
import { primaryCompanies } from './associations.js';
import type { Pair } from './associations-client.js';
import { chunks, mapAtOnce } from './chunks.js';
import { RefusedError } from './failures.js';
import { COMPANY_LINK } from './objects.js';
import type { Session } from './session.js';
import { contextValues, type VendorError } from './vendor-error.js';

/** Pairs HubSpot takes in one call. */
const PAIRS = 2000;

interface LinkWish {
  readonly contactId: string;
  /** null: no company. */
  readonly companyId: string | null;
}

export interface LinkResult {
  /** The primary company each contact has now. */
  readonly stored: ReadonlyMap<string, string | null>;
  /** By contact. */
  readonly rejections: ReadonlyMap<string, Rejection>;
}

/** Throws what {@link send} throws; sending again does no harm. */
export async function writeLinks(session: Session, wishes: readonly LinkWish[]): Promise<LinkResult> {
  const stored = new Map<string, string | null>();
  const rejections = new Map<string, Rejection>();
  if (wishes.length === 0) return { stored, rejections };
  const present = await primaryCompanies(
    session,
    wishes.map(({ contactId }) => contactId),
  );
  const changes = wishes.filter(({ contactId, companyId }) => present.get(contactId) !== companyId);
  for (const { contactId, companyId } of wishes) stored.set(contactId, companyId);

  const additions = changes.flatMap(({ contactId, companyId }) =>
    companyId === null ? [] : [{ contactId, companyId }],
  );
  for (const [contactId, refused] of await setPrimary(session, additions)) {
    rejections.set(contactId, refused);
    stored.set(contactId, present.get(contactId) ?? null);
  }
  const removals = changes.flatMap(({ contactId }): Pair[] => {
    const former = present.get(contactId);
    return former === undefined || former === null || rejections.has(contactId)
      ? []
      : [{ contactId, companyId: former }];
  });
  await mapAtOnce(chunks(removals, PAIRS), 1, (pairs) => session.api.associations.remove(pairs));
  return { stored, rejections };
}

async function setPrimary(session: Session, pairs: readonly Pair[]): Promise<ReadonlyMap<string, Rejection>> {
  const refused = new Map<string, Rejection>();
  for (const batch of chunks(pairs, PAIRS)) {
    for (const [contactId, error] of await setBatch(session, batch)) refused.set(contactId, refusal(error));
  }
  return refused;
}

/** The pairs that did not become so, with HubSpot's words; one bad pair must not keep the others back. */
async function setBatch(
  session: Session,
  pairs: readonly Pair[],
): Promise<readonly (readonly [string, VendorError])[]> {
  const [only] = pairs;
  if (only === undefined) return [];
  try {
    const { done, errors } = await session.api.associations.setPrimary(pairs);
    if (errors.length === 0) return [];
    const failed = pairs.filter(({ contactId }) => !done.has(contactId));
    return failed.map((pair) => [pair.contactId, errorOf(pair, errors)] as const);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (pairs.length === 1) return [[only.contactId, error.error]];
    const middle = Math.ceil(pairs.length / 2);
    return [
      ...(await setBatch(session, pairs.slice(0, middle))),
      ...(await setBatch(session, pairs.slice(middle))),
    ];
  }
}

function errorOf({ contactId, companyId }: Pair, errors: readonly VendorError[]): VendorError {
  const names = (error: VendorError): boolean =>
    ['ids', 'fromObjectId', 'toObjectId'].some((key) =>
      contextValues(error, key).some((id) => id === contactId || id === companyId),
    );
  return errors.find(names) ?? errors[0] ?? { message: '' };
}

function refusal(error: VendorError): Rejection {
  return {
    code: error.subCategory ?? error.category ?? 'ASSOCIATION_REFUSED',
    property: COMPANY_LINK,
    message: 'HubSpot does not link the contact to this company.',
    remedy: 'The company may be archived or merged in HubSpot: restore it there, or sync companies again.',
    detail: error.message,
  };
}
