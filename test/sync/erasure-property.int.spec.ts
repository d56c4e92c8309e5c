/** Invariant 8: whatever came before, and whatever goes on meanwhile, an erasure leaves nothing and keeps them out. */
import fc from 'fast-check';
import { SANDBOX_CLIENT_SECRET } from '../../connectors/hubspot/sandbox/index.js';
import { EditService } from '../../src/customers/edit.service.js';
import { AuditsService } from '../../src/drift/audits.service.js';
import { ErasureService } from '../../src/erasure/erasure.service.js';
import { MergeService } from '../../src/identity/merge.service.js';
import { UndoService } from '../../src/sync/undo.service.js';
import { DEALS, hubSpotDeal, opportunity } from './support/deals.js';
import {
  editHubSpot,
  editSalesforce,
  inBoth,
  inHubSpot,
  inSalesforce,
  records,
  rows,
} from './support/people.js';
import { tracesOf } from './support/traces.js';
import { World } from './support/world.js';

const RUNS = 3;
const LIMIT_MS = 600_000;

const STEPS = [
  'sync',
  'full sync',
  'edit in Salesforce',
  'edit in HubSpot',
  'edit in the hub',
  'fight',
  'refused write',
  'lost answer',
  'deal in Salesforce',
  'deal in HubSpot',
  'merge and unmerge',
  'stay merged',
  'undo',
  'audit',
  'deletion in HubSpot',
  'a sync nobody waits for',
] as const;
type Step = (typeof STEPS)[number];

describe('an erasure', () => {
  let world: World;
  let person: Person;
  let people = 0;
  beforeAll(async () => {
    world = await World.open(DEALS);
    world.hubspot.control.subscribe({ targetUrl: world.webhookUrl, clientSecret: SANDBOX_CLIENT_SECRET });
    inBoth(world, { email: 'bob@stays.example', first: 'Bob', last: 'Stays' });
    await world.sync();
  }, LIMIT_MS);
  afterAll(() => world.close());

  interface Person {
    /** Stands in every value of theirs. */
    readonly token: string;
    readonly phone: string;
    readonly sf: string;
    readonly hs: string;
    isDeleted: boolean;
    edits: number;
    lastRun: string;
  }

  async function appear(): Promise<Person> {
    people += 1;
    const token = `xq${String(people)}zv`;
    const phone = `+1 415 555 ${String(3000 + people)}`;
    const { sf, hs } = inBoth(world, {
      email: `ada@${token}.example`,
      first: `Ada${token}`,
      last: `Byron${token}`,
      salesforce: { Title: `Countess ${token}`, Phone: phone },
      hubspot: { jobtitle: `Analyst ${token}` },
    });
    const { report } = await world.sync();
    return { token, phone, sf, hs, isDeleted: false, edits: 0, lastRun: report.id };
  }

  const next = (): string => `Title ${String((person.edits += 1))} ${person.token}`;
  const goldenId = async (): Promise<string> => (await world.ask.behind(person.sf)).id;

  async function sync(full = false): Promise<void> {
    person.lastRun = (await world.sync({ full })).report.id;
  }

  const acts: Readonly<Record<Step, () => Promise<void>>> = {
    sync: () => sync(),
    'full sync': () => sync(true),
    'edit in Salesforce': async () => {
      editSalesforce(world, person.sf, { Title: next() });
      return Promise.resolve();
    },
    'edit in HubSpot': async () => {
      if (!person.isDeleted) editHubSpot(world, person.hs, { jobtitle: next() });
      return Promise.resolve();
    },
    'edit in the hub': async () => {
      const id = await goldenId();
      await world.get(EditService).edit({ id, values: { jobTitle: next() }, by: 'Olga' });
    },
    fight: async () => {
      if (person.isDeleted) return;
      const [a, b] = [next(), next()];
      for (const round of [0, 1, 2, 3]) {
        if (round % 2 === 0) editHubSpot(world, person.hs, { jobtitle: a });
        else editSalesforce(world, person.sf, { Title: b });
        await sync();
      }
    },
    'refused write': async () => {
      if (person.isDeleted) return;
      const text = next();
      const code = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';
      world.salesforce.control.fault({ kind: 'record', code, text, times: 99 });
      editHubSpot(world, person.hs, { jobtitle: text });
      await sync();
    },
    'lost answer': async () => {
      world.hubspot.control.fault({ kind: 'lost-answer', path: '/contacts/batch/update' });
      editSalesforce(world, person.sf, { Title: next() });
      await sync();
    },
    'deal in Salesforce': async () => {
      opportunity(world, { Name: `Deal ${String(people)}` }, [person.sf]);
      await sync();
    },
    'deal in HubSpot': async () => {
      if (person.isDeleted) return;
      hubSpotDeal(world, { dealname: `Deal of HubSpot ${String(people)}` }, { contactIds: [person.hs] });
      await sync();
    },
    'merge and unmerge': () => mergeWithOther(true),
    'stay merged': () => mergeWithOther(false),
    undo: async () => {
      await world.get(UndoService).undo(person.lastRun, { by: 'Olga', dryRun: false });
      await world.settled();
    },
    audit: async () => {
      const audits = world.get(AuditsService);
      const { auditId } = await audits.start({ repair: true, by: 'Olga' });
      await world.until('the audit is done', async () => (await audits.find(auditId)).state === 'done');
      await world.settled();
    },
    'deletion in HubSpot': async () => {
      if (!person.isDeleted) world.hubspot.control.archive('contacts', person.hs);
      person.isDeleted = true;
      return Promise.resolve();
    },
    'a sync nobody waits for': async () => {
      await world.begin({ full: true });
    },
  };

  /** Somebody else is taken for the person, for good or for a while. */
  async function mergeWithOther(isUndone: boolean): Promise<void> {
    const name = `other${String(people)}x${String((person.edits += 1))}`;
    // What stays merged is the person too.
    const email = isUndone ? `${name}@stays.example` : `${name}@${person.token}.example`;
    const [other = ''] = inSalesforce(world, [
      { LastName: isUndone ? 'Other' : `Other ${person.token}`, Email: email },
    ]);
    await sync();
    const merges = world.get(MergeService);
    const { survivorId } = await merges.merge(await goldenId(), (await world.ask.behind(other)).id, 'Olga');
    await world.settled();
    if (isUndone) await merges.unmerge({ id: survivorId, by: 'Olga' });
    await world.settled();
  }

  const traces = async (): Promise<readonly string[]> => {
    const { token, phone, sf, hs } = person;
    // HubSpot's ids are told apart by the object they belong to.
    const texts = [token, phone.replaceAll(' ', '').slice(-10), sf, `"id": "${hs}", "object": "contact"`];
    const { prisma } = world.database;
    const where = { object: 'contact', externalId: hs };
    const places = {
      source_record: await prisma.sourceRecord.count({ where }),
      sync_issue: await prisma.syncIssue.count({ where }),
      write_receipt: await prisma.writeReceipt.count({ where }),
      drift_finding: await prisma.driftFinding.count({ where }),
      inbox_event: await prisma.inboxEvent.count({ where }),
    };
    return [
      // A cursor may rest on the last record it read, until the next one is read.
      ...(await tracesOf(world.database, texts)).filter((trace) => !trace.startsWith('sync_cursor')),
      ...Object.entries(places).flatMap(([table, count]) => (count > 0 ? [`${table} ${hs}`] : [])),
    ];
  };

  it(
    'leaves no trace of them in any table, and the next pull does not make them again',
    async () => {
      const steps = fc.array(fc.constantFrom(...STEPS), { minLength: 3, maxLength: 9 });
      await fc.assert(
        fc.asyncProperty(steps, async (chosen) => {
          person = await appear();
          expect(await traces()).not.toEqual([]);
          for (const step of chosen) await acts[step]();
          const service = world.get(ErasureService);
          const { id } = await service.erase({ id: await goldenId(), by: 'Olga' });
          await world.until('the erasure is over', async () => (await service.find(id)).state === 'done');
          await world.settled();
          expect(await traces()).toEqual([]);

          const { token } = person;
          const [again = ''] = inHubSpot(world, [
            { email: `ADA@${token}.example`, firstname: `Ada${token}`, lastname: 'Returns' },
          ]);
          await world.sync({ full: true });
          expect(await traces()).toEqual([]);
          expect(JSON.stringify(rows(world))).not.toContain(token);
          expect(
            records(world).filter(({ properties }) => JSON.stringify(properties).includes(token)),
          ).toHaveLength(1);
          world.hubspot.control.archive('contacts', again);
          world.salesforce.control.clearFaults();
        }),
        {
          numRuns: RUNS,
          examples: [[['refused write', 'deal in HubSpot', 'deal in Salesforce']]],
          endOnFailure: true,
        },
      );
    },
    LIMIT_MS,
  );
});
