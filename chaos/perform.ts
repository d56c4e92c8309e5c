import { setTimeout as sleep } from 'node:timers/promises';
import { fieldKey } from '../src/core/claims/index.js';
import { Refused, type Crm, type HeldRecord } from './crm/crm.js';
import type { Plan } from './plan/plan.js';
import type { Step } from './plan/steps.js';
import { nameOf } from './prepare.js';
import type { HubApi } from './processes/api.js';
import type { Hub } from './processes/hub.js';
import type { Postgres } from './processes/postgres.js';
import type { World } from './world.js';

export interface Stage {
  readonly plan: Plan;
  readonly crms: readonly Crm[];
  readonly world: World;
  readonly hub: Hub;
  readonly api: HubApi;
  readonly postgres: Postgres;
}

/**
 * Carries out the plan: each step at its time, what goes down comes up again beside it. Resolves when everything is up
 * again; what a CRM refuses to its user, or is not possible any more, is told and passed over.
 */
export async function perform(stage: Stage, isAcquainted: () => boolean): Promise<void> {
  const startedAt = Date.now();
  const beside: Promise<void>[] = [];
  for (const step of stage.plan.steps) {
    await sleep(Math.max(0, startedAt + step.at - Date.now()));
    try {
      const told = await act(stage, step, { isAcquainted, beside });
      stage.world.tell(told);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      stage.world.tell(`${step.do} refused: ${error.message}`);
    }
  }
  await Promise.all(beside);
}

interface Circumstances {
  /** The hub has come to know all that was there at first: from then on nobody is taken for somebody new. */
  readonly isAcquainted: () => boolean;
  readonly beside: Promise<void>[];
}

async function act(stage: Stage, step: Step, around: Circumstances): Promise<string> {
  const { crms, hub, postgres } = stage;
  switch (step.do) {
    case 'kill':
      around.beside.push(hub.kill(step.process, step.downMs));
      return `${step.process} is killed, for ${String(step.downMs)} ms`;
    case 'database':
      around.beside.push(
        postgres.goDown(step.how, step.downMs, () => {
          hub.noteDatabaseLoss();
        }),
      );
      return `PostgreSQL: ${step.how}, for ${String(step.downMs)} ms`;
    case 'sync':
      return sync(stage, step.systems);
    case 'fault': {
      const { kind, on, times, after } = step.fault;
      await crmAt(crms, step.system).fault(step.fault);
      return `${crmAt(crms, step.system).name}: ${String(times)} ${kind} on ${on} after ${String(after)}`;
    }
    case 'expire':
      await crmAt(crms, step.system).expire();
      return `${crmAt(crms, step.system).name}: sessions expire`;
    case 'rename':
      return editCompany(stage, step);
    case 'create':
      return create(stage, step);
    case 'edit':
    case 'delete':
    case 'merge':
    case 'link':
      return byUser(stage, step, around);
  }
}

async function sync({ crms, api }: Stage, systems: readonly number[]): Promise<string> {
  const names = systems.map((system) => crmAt(crms, system).name);
  try {
    return `sync of ${names.join(', ')}: ${await api.sync(names)}`;
  } catch {
    return `sync of ${names.join(', ')}: the hub did not answer`;
  }
}

type ByUser = Extract<Step, { readonly do: 'edit' | 'delete' | 'merge' | 'link' }>;

async function byUser(stage: Stage, step: ByUser, { isAcquainted }: Circumstances): Promise<string> {
  const { crms, world } = stage;
  const crm = crmAt(crms, step.system);
  const what = `${crm.name}: ${step.do} of person ${String(step.person)}`;
  const needsAcquaintance = step.do === 'merge' || (step.do === 'edit' && step.field === 'email');
  if (needsAcquaintance && !isAcquainted()) return `${what}: too early`;
  const found = await recordOf(stage, crm, step.person);
  if (found === undefined) return `${what}: not there`;
  const at = { system: crm.name, entity: 'customer' as const, id: found.id };
  switch (step.do) {
    case 'edit': {
      if (isSame(found, step.field, step.value)) return `${what}: nothing to change`;
      await crm.edit('customer', found.id, { [step.field]: step.value });
      world.write({ ...at, field: step.field, value: step.value });
      return `${what} ${found.id}: ${step.field} = ${JSON.stringify(step.value)}`;
    }
    case 'delete':
      await crm.remove(found.id);
      world.remove({ ...at, person: step.person });
      return `${what} ${found.id}`;
    case 'merge': {
      const other = await recordOf(stage, crm, step.other, found.id);
      if (other === undefined) return `${what}: the other is not there`;
      const survivor = await crm.merge(found.id, other.id);
      world.merge({
        system: crm.name,
        ids: [found.id, other.id],
        survivor,
        people: [step.person, step.other],
      });
      return `${what} ${found.id} with person ${String(step.other)} ${other.id}: ${survivor}`;
    }
    case 'link': {
      const companyId = step.company === null ? null : await companyIdOf(stage, crm, step.company);
      if (companyId === undefined || isSame(found, 'account', companyId)) return `${what}: nothing to change`;
      await crm.link(found.id, companyId);
      world.write({ ...at, field: 'account', value: companyId });
      return `${what} ${found.id}: company ${String(companyId)}`;
    }
  }
}

async function create(
  { plan, crms, world }: Stage,
  { system, person, values }: Extract<Step, { readonly do: 'create' }>,
): Promise<string> {
  const crm = crmAt(crms, system);
  const all = { ...nameOf(plan, person), ...values };
  const id = await crm.create('customer', all);
  world.make({ system: crm.name, id, person, early: false });
  for (const [field, value] of Object.entries(all))
    world.write({ system: crm.name, entity: 'customer', id, field, value });
  return `${crm.name}: person ${String(person)} is entered as ${id}`;
}

async function editCompany(
  stage: Stage,
  { system, company, phone }: Extract<Step, { readonly do: 'rename' }>,
): Promise<string> {
  const crm = crmAt(stage.crms, system);
  const id = await companyIdOf(stage, crm, company);
  if (id === undefined) return `${crm.name}: no company ${String(company)}`;
  await crm.edit('account', id, { phone });
  stage.world.write({ system: crm.name, entity: 'account', id, field: 'phone', value: phone });
  return `${crm.name}: company ${id} phone = ${phone}`;
}

function isSame({ entity, values }: HeldRecord, field: string, value: string | null): boolean {
  return fieldKey(entity, field, values[field] ?? null) === fieldKey(entity, field, value);
}

/** The first record that stands for the person, other than the one given. */
async function recordOf(
  { world }: Stage,
  crm: Crm,
  person: number,
  except?: string,
): Promise<HeldRecord | undefined> {
  const found = (await crm.records('customer')).filter(
    ({ id, values }) => id !== except && world.personOf(values['familyName']) === person,
  );
  return found.sort((a, b) => (a.id < b.id ? -1 : 1))[0];
}

async function companyIdOf({ plan }: Stage, crm: Crm, company: number): Promise<string | undefined> {
  const name = plan.companies[company]?.name;
  return (await crm.records('account')).find(({ values }) => values['name'] === name)?.id;
}

function crmAt(crms: readonly Crm[], index: number): Crm {
  const crm = crms[index];
  if (crm === undefined) throw new RangeError(`There is no system ${String(index)}.`);
  return crm;
}
