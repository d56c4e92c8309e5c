/** One sandbox as a process of its own: `salesforce|hubspot RECORDS`. Says where it is in a line of JSON. */
import { person } from './people.js';
import { watch } from './watch.js';

export interface Ready {
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Of the first records. */
  readonly ids: readonly string[];
}

interface Opened extends Ready {
  /** Its values as they stand. */
  readonly record: (id: string) => Readonly<Record<string, unknown>> | undefined;
}

const CHUNK = 10_000;

async function salesforce(records: number): Promise<Opened> {
  const { createSandbox } = await import('../../connectors/salesforce/sandbox/index.js');
  const sandbox = await createSandbox({ apiLimit: 100_000_000 });
  let ids: readonly string[] = [];
  for (let from = 0; from < records; from += CHUNK) {
    const size = Math.min(CHUNK, records - from);
    const made = sandbox.control.load(
      'Contact',
      Array.from({ length: size }, (_, index) => {
        const one = person(from + index);
        return {
          FirstName: one.givenName,
          LastName: one.familyName,
          Email: one.email,
          Phone: one.phone,
          MobilePhone: one.mobilePhone,
          Title: one.jobTitle,
          MailingStreet: one.street,
          MailingCity: one.city,
          MailingPostalCode: one.postalCode,
          MailingCountry: one.country,
          SystemModstamp: new Date(one.modifiedAt).toISOString(),
        };
      }),
    );
    if (from === 0) ids = made;
  }
  const { clientId, clientSecret } = sandbox.account;
  return {
    url: sandbox.url,
    credentials: { grantType: 'client_credentials', clientId, clientSecret },
    ids,
    record: (id) => sandbox.control.record(id),
  };
}

async function hubspot(records: number): Promise<Opened> {
  const { createSandbox, SANDBOX_TOKEN } = await import('../../connectors/hubspot/sandbox/index.js');
  const sandbox = await createSandbox({ limits: false });
  let ids: readonly string[] = [];
  for (let from = 0; from < records; from += CHUNK) {
    const size = Math.min(CHUNK, records - from);
    const made = sandbox.control.seed(
      'contacts',
      Array.from({ length: size }, (_, index) => {
        const one = person(from + index);
        return {
          properties: {
            firstname: one.givenName,
            lastname: one.familyName,
            email: one.email,
            phone: one.phone,
            mobilephone: one.mobilePhone,
            jobtitle: one.jobTitle,
            address: one.street,
            city: one.city,
            zip: one.postalCode,
            country: one.country,
          },
          createdAt: one.modifiedAt,
          updatedAt: one.modifiedAt,
        };
      }),
    );
    if (from === 0) ids = made;
  }
  return {
    url: sandbox.url,
    credentials: { accessToken: SANDBOX_TOKEN },
    ids,
    record: (id) => sandbox.control.record('contacts', id)?.properties,
  };
}

const [kind, records = '0'] = process.argv.slice(2);
const { record, ...ready } = await (kind === 'salesforce' ? salesforce : hubspot)(Number(records));
process.stdout.write(`${JSON.stringify(ready satisfies Ready)}\n`);
// Whoever started it ends it by closing its input.
watch(record);
