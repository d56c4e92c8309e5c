/** The reference of every figure about storing: a plain multi-row upsert of the same rows into one table. */
import { person } from '../support/people.js';
import type { BenchDatabase } from '../support/postgres.js';

const BATCH = 1_000;

/** @returns seconds that `records` rows took, in transactions of 1,000 rows by one `unnest` statement each */
export async function upsertReference({ client }: BenchDatabase, records: number): Promise<number> {
  await client.query(
    `create table if not exists bench_reference (
       id text primary key, given text, family text, email text, phone text, mobile text, job text, street text,
       city text, postal text, country text, modified_at timestamptz)`,
  );
  await client.query('truncate bench_reference');
  const people = Array.from({ length: records }, (_, index) => person(index));
  const started = performance.now();
  for (let from = 0; from < records; from += BATCH) {
    const rows = people.slice(from, from + BATCH);
    await client.query(
      `/* bench: */ insert into bench_reference
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                            $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[])
       on conflict (id) do update set given = excluded.given, family = excluded.family, email = excluded.email,
         phone = excluded.phone, mobile = excluded.mobile, job = excluded.job, street = excluded.street,
         city = excluded.city, postal = excluded.postal, country = excluded.country, modified_at = excluded.modified_at`,
      [
        rows.map((_, index) => String(from + index)),
        rows.map((row) => row.givenName),
        rows.map((row) => row.familyName),
        rows.map((row) => row.email),
        rows.map((row) => row.phone),
        rows.map((row) => row.mobilePhone),
        rows.map((row) => row.jobTitle),
        rows.map((row) => row.street),
        rows.map((row) => row.city),
        rows.map((row) => row.postalCode),
        rows.map((row) => row.country),
        rows.map((row) => new Date(row.modifiedAt).toISOString()),
      ],
    );
  }
  return (performance.now() - started) / 1000;
}
