/**
 * The reference of every figure about syncing: what a plain script does on the two vendors' SDKs, keeping nothing
 * and deciding nothing. Lists HubSpot's contacts by pages of 100 and makes them in Salesforce, 200 a call; later it
 * asks for those changed since and writes them to the Salesforce contact of the same e-mail address.
 *
 * Run by Node as it stands, with a task in JSON as its argument. Says in a line of JSON what it did.
 */
import { Client } from '@hubspot/api-client';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import { Connection } from 'jsforce';

export interface ScriptTask {
  readonly hubspot: { readonly url: string; readonly accessToken: string };
  readonly salesforce: { readonly url: string; readonly clientId: string; readonly clientSecret: string };
  /** ms since 1970: only what was changed from then on; everything unless told. */
  readonly since?: number;
}

export interface ScriptResult {
  readonly records: number;
  /** Without the start of the process. */
  readonly seconds: number;
  /** Signing in aside. */
  readonly calls: number;
  readonly peakMemoryMiB: number;
}

interface Contact {
  readonly properties: Readonly<Record<string, string | null>>;
}

interface ContactPage {
  readonly contacts: readonly Contact[];
  readonly after: string | undefined;
}

const FIELDS: Readonly<Record<string, string>> = {
  firstname: 'FirstName',
  lastname: 'LastName',
  email: 'Email',
  phone: 'Phone',
  mobilephone: 'MobilePhone',
  jobtitle: 'Title',
  address: 'MailingStreet',
  city: 'MailingCity',
  zip: 'MailingPostalCode',
  country: 'MailingCountry',
};
const PROPERTIES = Object.keys(FIELDS);
const PAGE = 100;
const COLLECTION = 200;

const task = JSON.parse(process.argv[2] ?? '{}') as ScriptTask;
const started = performance.now();
const hubspot = new Client({ accessToken: task.hubspot.accessToken, basePath: task.hubspot.url });
const { url: loginUrl, clientId, clientSecret } = task.salesforce;
const salesforce = new Connection({ oauth2: { loginUrl, clientId, clientSecret } });
await salesforce.authorize({ grant_type: 'client_credentials' });
let calls = 0;
let records = 0;
let waiting: Record<string, unknown>[] = [];
let after: string | undefined;
do {
  const page = await (task.since === undefined ? listed(after) : changed(task.since, after));
  const rows = page.contacts.map(rowOf);
  waiting.push(...(task.since === undefined ? rows : await withIds(rows)));
  after = page.after;
  while (waiting.length >= COLLECTION || (after === undefined && waiting.length > 0)) {
    await write(waiting.slice(0, COLLECTION));
    waiting = waiting.slice(COLLECTION);
  }
} while (after !== undefined);
const result: ScriptResult = {
  records,
  seconds: (performance.now() - started) / 1000,
  calls,
  peakMemoryMiB: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

async function listed(from: string | undefined): Promise<ContactPage> {
  calls += 1;
  const page = await hubspot.crm.contacts.basicApi.getPage(PAGE, from, PROPERTIES);
  return { contacts: page.results, after: page.paging?.next?.after };
}

async function changed(since: number, from: string | undefined): Promise<ContactPage> {
  calls += 1;
  const page = await hubspot.crm.contacts.searchApi.doSearch({
    filterGroups: [
      {
        filters: [
          { propertyName: 'lastmodifieddate', operator: FilterOperatorEnum.Gte, value: String(since) },
        ],
      },
    ],
    sorts: ['lastmodifieddate'],
    properties: PROPERTIES,
    limit: PAGE,
    ...(from !== undefined && { after: from }),
  });
  return { contacts: page.results, after: page.paging?.next?.after };
}

function rowOf({ properties }: Contact): Record<string, unknown> {
  return Object.fromEntries(PROPERTIES.map((name) => [FIELDS[name] ?? name, properties[name] ?? null]));
}

async function withIds(rows: readonly Record<string, unknown>[]): Promise<Record<string, unknown>[]> {
  if (rows.length === 0) return [];
  calls += 1;
  const emails = rows.map((row) => `'${String(row['Email'])}'`).join(',');
  const found = await salesforce.query<{ Id: string; Email: string }>(
    `SELECT Id, Email FROM Contact WHERE Email IN (${emails})`,
  );
  const ids = new Map(found.records.map(({ Id, Email }) => [Email, Id]));
  return rows.flatMap((row) => {
    const id = ids.get(String(row['Email']));
    return id === undefined ? [] : [{ ...row, Id: id }];
  });
}

async function write(rows: readonly Record<string, unknown>[]): Promise<void> {
  calls += 1;
  const contacts = salesforce.sobject('Contact');
  const saved =
    task.since === undefined
      ? await contacts.create([...rows])
      : await contacts.update(rows.map((row) => ({ ...row, Id: String(row['Id']) })));
  const refused = saved.find(({ success }) => !success);
  if (refused !== undefined) throw new Error(`Salesforce refused a record: ${JSON.stringify(refused)}`);
  records += rows.length;
}
