import { meantBy } from './find-customer.js';

const ANN = { entity: 'customer', id: 'ann' } as const;
const ACME = { entity: 'account', id: 'acme' } as const;

it.each([
  ['an address means the person who has it, not their company', 'ann@acme.example', [ANN, ACME], [ANN]],
  ['an address that nobody has may mean the company of its domain', 'info@acme.example', [ACME], [ACME]],
  ['a name means whoever has it', 'acme', [ANN, ACME], [ANN, ACME]],
])('%s', (_, query, found, expected) => {
  expect(meantBy(query, found)).toEqual(expected);
});
