/**
 * Contact roles of opportunities that were just written. Only roles that the hub adds or takes out are touched. A role
 * that is there already is not made again, so that a lost answer makes none twice.
 */
import { TransportError, type PushOutcome, type Rejection } from '../../../src/sdk/index.js';
import { ApiFailure, type ApiErrorItem } from '../api/api-failure.js';
import { CONTACT_ROLES, contactLinks, ROLE, rolesOf, type Role } from '../records/roles.js';
import { rejectionOf } from './record-errors.js';
import { sorted, write, type Desk } from './write.js';

/** The contacts one opportunity is to have. */
export interface RoleWish {
  readonly wanted: readonly string[];
  /** What the hub last saw: none for a new one. */
  readonly before: readonly string[];
  readonly isNew: boolean;
}

const COLLECTION = 200;

/** The outcomes with the contacts that the records have now; an update whose roles were refused is refused for them. */
export async function writeRoles(
  desk: Desk,
  wishes: ReadonlyMap<string, RoleWish>,
  outcomes: readonly PushOutcome[],
): Promise<readonly PushOutcome[]> {
  const stored = outcomes.flatMap((outcome) => {
    const wish = outcome.status === 'stored' ? wishes.get(outcome.key) : undefined;
    return wish === undefined || outcome.status !== 'stored' ? [] : [{ id: outcome.id, ...wish }];
  });
  if (stored.length === 0) return outcomes;
  const failed = await attempt(desk, stored);
  return outcomes.map((outcome): PushOutcome => {
    const wish = outcome.status === 'stored' ? wishes.get(outcome.key) : undefined;
    if (wish === undefined || outcome.status !== 'stored') return outcome;
    const rejection = failed === 'unknown' ? undefined : failed.get(outcome.id);
    const done = failed !== 'unknown' && rejection === undefined;
    if (done || wish.isNew) {
      // A new record is made whatever became of its roles: what is missing is written as an update, which says why.
      const values = { ...outcome.values, [CONTACT_ROLES]: contactLinks(done ? wish.wanted : []) };
      return { ...outcome, values };
    }
    const { key } = outcome;
    if (rejection !== undefined) return { key, status: 'rejected', rejections: [rejection] };
    return {
      key,
      status: 'retry',
      code: 'ROLES_NOT_WRITTEN',
      message: 'The contact roles could not be written.',
    };
  });
}

type Wish = RoleWish & { readonly id: string };

async function attempt(
  desk: Desk,
  wishes: readonly Wish[],
): Promise<ReadonlyMap<string, Rejection> | 'unknown'> {
  try {
    const roles = await rolesOf(
      desk.client,
      wishes.map(({ id }) => id),
    );
    if (roles === undefined) return forbidden(wishes);
    return new Map([...(await add(desk, wishes, roles)), ...(await remove(desk, wishes, roles))]);
  } catch (error) {
    if (error instanceof ApiFailure || error instanceof TransportError) return 'unknown';
    throw error;
  }
}

function forbidden(wishes: readonly Wish[]): ReadonlyMap<string, Rejection> {
  const rejection = rejectionOf('CONTACT_ROLES_HIDDEN', { property: CONTACT_ROLES });
  return new Map(wishes.map(({ id }) => [id, rejection]));
}

async function add(
  desk: Desk,
  wishes: readonly Wish[],
  roles: ReadonlyMap<string, readonly Role[]>,
): Promise<ReadonlyMap<string, Rejection>> {
  const records = wishes.flatMap(({ id, wanted, before }) => {
    const there = roles.get(id) ?? [];
    const held = new Set([...there.map((role) => role.contact), ...before]);
    return wanted
      .filter((contact) => !held.has(contact))
      .map((contact, index) => ({
        key: id,
        OpportunityId: id,
        ContactId: contact,
        IsPrimary: there.length === 0 && index === 0,
      }));
  });
  return inBatches(records, (batch) =>
    desk.client.create(
      ROLE,
      batch.map(({ key: _, ...fields }) => fields),
    ),
  );
}

async function remove(
  desk: Desk,
  wishes: readonly Wish[],
  roles: ReadonlyMap<string, readonly Role[]>,
): Promise<ReadonlyMap<string, Rejection>> {
  const gone = wishes.flatMap(({ id, wanted, before }) => {
    const out = new Set(before.filter((contact) => !wanted.includes(contact)));
    return (roles.get(id) ?? [])
      .filter((role) => out.has(role.contact))
      .map((role) => ({ key: id, role: role.id }));
  });
  const refused = await inBatches(gone, (batch) =>
    desk.client.destroy(
      ROLE,
      batch.map(({ role }) => role),
    ),
  );
  // A role that somebody else has deleted already is as it should be.
  return new Map([...refused].filter(([, { code }]) => code !== 'ENTITY_IS_DELETED'));
}

/** By opportunity, why its role was refused. A lost answer throws: whoever asks again finds what was applied. */
async function inBatches<T extends { readonly key: string }>(
  items: readonly T[],
  send: Parameters<typeof write<T>>[1],
): Promise<ReadonlyMap<string, Rejection>> {
  const refused = new Map<string, Rejection>();
  for (let start = 0; start < items.length; start += COLLECTION) {
    const { failed, lost } = sorted(await write(items.slice(start, start + COLLECTION), send));
    const [first] = lost;
    if (first !== undefined)
      throw new TransportError({ code: 'reset', sent: true, message: 'No answer to contact roles.' });
    for (const { item, error } of failed) refused.set(item.key, rejectionFor(error));
  }
  return refused;
}

function rejectionFor({ code, message }: ApiErrorItem): Rejection {
  return rejectionOf(code, { property: CONTACT_ROLES, detail: `${code}: ${message}` });
}
