/** One sandbox as a process of its own: `salesforce|hubspot RECORDS`. Says where it is in a line of JSON. */
import { person } from './people.js';

interface Ready {
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
}

const CHUNK = 10_000;

async function salesforce(records: number): Promise<Ready> {
  const { createSandbox } = await import('../../connectors/salesforce/sandbox/index.js');
  const sandbox = await createSandbox({ apiLimit: 100_000_000 });
  for (let from = 0; from < records; from += CHUNK) {
    const size = Math.min(CHUNK, records - from);
    sandbox.control.load(
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
  }
  const { clientId, clientSecret } = sandbox.account;
  return {
    url: sandbox.url,
    credentials: { grantType: 'client_credentials', clientId, clientSecret },
  };
}

async function hubspot(records: number): Promise<Ready> {
  const { createSandbox, SANDBOX_TOKEN } = await import('../../connectors/hubspot/sandbox/index.js');
  const sandbox = await createSandbox({ limits: false });
  for (let from = 0; from < records; from += CHUNK) {
    const size = Math.min(CHUNK, records - from);
    sandbox.control.seed(
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
  }
  return { url: sandbox.url, credentials: { accessToken: SANDBOX_TOKEN } };
}

const [kind, records = '0'] = process.argv.slice(2);
const ready = await (kind === 'salesforce' ? salesforce : hubspot)(Number(records));
process.stdout.write(`${JSON.stringify(ready)}\n`);
// Whoever started it ends it by closing its input.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
