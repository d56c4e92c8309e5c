import type { FieldMapping } from '../sdk/index.js';
import { prove, type ProofIssue, type ProofRecord } from './proof.js';

const both = (field: string, property: string): FieldMapping => ({ field, property, direction: 'both' });

const contact = (values: ProofRecord['values'], more: Partial<ProofRecord> = {}): ProofRecord => ({
  connection: 'salesforce',
  object: 'contact',
  id: '003',
  entity: 'customer',
  goldenId: 'ada',
  values,
  mapping: [both('phone', 'Phone'), both('jobTitle', 'Title')],
  ...more,
});
const person = (values: ProofRecord['values'], more: Partial<ProofRecord> = {}): ProofRecord =>
  contact(values, {
    connection: 'hubspot',
    id: '51',
    mapping: [both('phone', 'phone'), both('jobTitle', 'jobtitle')],
    ...more,
  });
const connections = ['salesforce', 'hubspot'];
const proofOf = (records: readonly ProofRecord[], issues: readonly ProofIssue[] = []) =>
  prove({ records, connections, issues });

describe('the proof of agreement', () => {
  it('takes two ways of writing one number for one number', () => {
    const proof = proofOf([contact({ Phone: '+44 20 7946 0123' }), person({ phone: '0044 (20) 79460123' })]);
    expect(proof).toMatchObject({ compared: 2, identical: 2, values: 2, differences: [], agreed: true });
  });

  it('finds a value that differs, and does not forgive one that the hub does not explain', () => {
    const proof = proofOf([contact({ Title: 'CTO' }), person({ jobtitle: 'CFO' })]);
    expect(proof).toMatchObject({ identical: 0, differences: [{ field: 'jobTitle' }], agreed: false });
  });

  it('forgives a difference that has its sync issue, and only on that field of that record', () => {
    const issue: ProofIssue = {
      connection: 'salesforce',
      object: 'contact',
      externalId: '003',
      goldenId: 'ada',
      field: 'jobTitle',
      message: 'Too long.',
    };
    const records = [contact({ Title: null }), person({ jobtitle: 'A very long title' })];
    expect(proofOf(records, [issue]).agreed).toBe(true);
    expect(proofOf(records, [{ ...issue, field: 'phone' }]).agreed).toBe(false);
    expect(proofOf(records, [{ ...issue, externalId: '004' }]).agreed).toBe(false);
    expect(proofOf(records, [{ ...issue, object: 'account' }]).agreed).toBe(false);
  });

  it('misses whoever stands in one system only', () => {
    const pair = [contact({}), person({})];
    const alone = contact({}, { id: '005', goldenId: 'bo' });
    expect(proofOf([...pair, alone])).toMatchObject({
      absences: [{ goldenId: 'bo', connection: 'hubspot', issue: undefined }],
      agreed: false,
    });
  });

  it('misses a record that the hub does not know', () => {
    const pair = [contact({}), person({})];
    expect(proofOf([...pair, contact({}, { id: '006', goldenId: undefined })]).agreed).toBe(false);
  });

  it('compares links by what they point at, each system by its own ids', () => {
    const company = (connection: string, id: string, goldenId: string): ProofRecord =>
      contact({}, { connection, id, goldenId, entity: 'account', object: 'account', mapping: [] });
    const link = (at: string): FieldMapping[] => [both('account', at)];
    const people = [
      contact({ AccountId: '001' }, { mapping: link('AccountId') }),
      person({ company: '51' }, { mapping: link('company') }),
    ];
    const companies = [company('salesforce', '001', 'acme'), company('hubspot', '51', 'acme')];
    expect(proofOf([...people, ...companies]).agreed).toBe(true);
    const others = [...companies, company('hubspot', '52', 'other'), company('salesforce', '002', 'other')];
    const moved = [people[0] ?? contact({}), person({ company: '52' }, { mapping: link('company') })];
    expect(proofOf([...moved, ...others])).toMatchObject({
      differences: [{ field: 'account' }],
      agreed: false,
    });
  });

  it('proves nothing by comparing nothing', () => {
    expect(proofOf([]).agreed).toBe(false);
  });
});
