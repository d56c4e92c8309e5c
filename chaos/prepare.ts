import type { JsonObject } from '../src/sdk/index.js';
import type { Crm } from './crm/crm.js';
import type { Plan } from './plan/plan.js';
import type { World } from './world.js';

/** Puts into the CRMs what stood there before the hub came. */
export async function seedSystems(plan: Plan, crms: readonly Crm[], world: World): Promise<void> {
  for (const [index, crm] of crms.entries()) {
    const companyIds = await seedCompanies(plan, crm, { index, world });
    const held = plan.held.filter(({ system }) => system === index);
    const rows = held.map(({ person, values, company, daysAgo }) => ({
      values: { ...nameOf(plan, person), ...values },
      companyId: company === null ? undefined : companyIds.get(company),
      daysAgo,
    }));
    const ids = await crm.seed('customer', rows);
    for (const [place, { person }] of held.entries()) {
      const [id, row] = [ids[place], rows[place]];
      if (id === undefined || row === undefined) throw new Error(`${crm.name} lost a seeded record.`);
      world.make({ system: crm.name, id, person, early: true });
      const written = { ...row.values, ...(row.companyId !== undefined && { account: row.companyId }) };
      for (const [field, value] of Object.entries(written))
        if (crm.fields.customer.includes(field))
          world.write({ system: crm.name, entity: 'customer', id, field, value });
    }
  }
}

async function seedCompanies(
  plan: Plan,
  crm: Crm,
  { index, world }: { readonly index: number; readonly world: World },
): Promise<ReadonlyMap<number, string>> {
  const held = plan.heldCompanies.filter(({ system }) => system === index);
  const rows = held.map(({ company, phone, daysAgo }) => {
    const { name, domain } = plan.companies[company] ?? { name: '', domain: '' };
    return { values: { name, domain, website: `https://${domain}`, phone }, daysAgo };
  });
  const ids = await crm.seed('account', rows);
  for (const [place, { phone }] of held.entries())
    world.write({ system: crm.name, entity: 'account', id: ids[place] ?? '', field: 'phone', value: phone });
  return new Map(held.map(({ company }, place) => [company, ids[place] ?? '']));
}

export function nameOf(
  plan: Plan,
  person: number,
): { readonly givenName: string; readonly familyName: string } {
  const { given = '', family = '' } = plan.people[person] ?? {};
  return { givenName: given, familyName: family };
}

/** rapport.yaml (JSON is YAML too). Nothing is due by a schedule: the plan says when a sync starts. */
export async function configurationOf(plan: Plan, crms: readonly Crm[]): Promise<JsonObject> {
  const policy = { direction: 'both', create: true, onDelete: 'keep' };
  const connections: JsonObject[] = [];
  for (const crm of crms) {
    connections.push({
      name: crm.name,
      ...(await crm.connection()),
      schedule: '0 0 1 1 *',
      sync: { customer: policy, account: policy },
    });
  }
  const { rule, order, blanks } = plan.jobTitle;
  return {
    connections,
    survivorship: {
      default: 'most-recent',
      customer: { jobTitle: { rule, blanks, ...(rule === 'source-priority' && { order: [...order] }) } },
    },
  };
}
