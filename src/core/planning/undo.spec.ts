import fc from 'fast-check';
import type { FieldStates } from '../claims/index.js';
import { planUndo, planUpdate, withRevert, type UndoReceipt } from './index.js';

const all = { entity: 'customer', isWritable: () => true } as const;
const update = (before: string | null, stored: string): UndoReceipt => ({
  operation: 'update',
  fields: { jobTitle: { before, stored } },
});
const holds = (held: string): FieldStates => ({ jobTitle: { held } });

it('goes back to before the first of several writes, a blank included', () => {
  const receipts = [update(null, 'Clerk'), update('Clerk', 'Chief')];
  expect(planUndo({ ...all, receipts, fields: holds('Chief') })).toEqual({
    revert: { jobTitle: { expect: 'Chief', value: null } },
    archive: false,
    kept: [],
  });
});

it('says why something stays', () => {
  const receipts = [update('Clerk', 'Chief')];
  const kept = (request: Partial<Parameters<typeof planUndo>[0]>): unknown =>
    planUndo({ ...all, receipts, fields: holds('Chief'), ...request }).kept.map(({ obstacle }) => obstacle);
  expect(kept({ fields: holds('Boss') })).toEqual(['changed']);
  expect(kept({ fields: null })).toEqual(['gone']);
  expect(kept({ isWritable: () => false })).toEqual(['not-writable']);
  expect(kept({ receipts: [{ operation: 'archive', fields: {} }] })).toEqual(['archived']);
  expect(kept({ receipts: [{ operation: 'found', fields: {} }] })).toEqual(['found']);
});

it('archives a record that the run made, unless somebody has written in it', () => {
  const receipts: UndoReceipt[] = [
    { operation: 'create', fields: { jobTitle: { before: null, stored: 'Chief' } } },
  ];
  expect(planUndo({ ...all, receipts, fields: holds('Chief') }).archive).toBe(true);
  expect(planUndo({ ...all, receipts, fields: holds('Boss') }).archive).toBe(false);
  const spoken: FieldStates = {
    ...holds('Chief'),
    email: { held: 'a@b.example', claim: { value: 'a@b.example', at: 1, origin: 'record' } },
  };
  expect(planUndo({ ...all, receipts, fields: spoken })).toMatchObject({
    archive: false,
    kept: [{ obstacle: 'changed' }],
  });
});

it('leaves nothing to push, whatever the golden value is, and lets the next one through', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  fc.assert(
    fc.property(word, word, word, word, (before, stored, golden, next) => {
      fc.pre(before !== stored && next !== golden && next !== before);
      const { revert } = planUndo({ ...all, receipts: [update(before, stored)], fields: holds(stored) });
      const input = {
        entity: 'customer' as const,
        mapping: [{ field: 'jobTitle', property: 'title', direction: 'both' as const }],
        golden: { jobTitle: golden },
        recordsOf: () => [],
        refused: new Map<string, string>(),
      };
      const plan = withRevert(planUpdate({ ...input, fields: holds(stored) }), {
        ...input,
        fields: holds(stored),
        revert,
      });
      expect(plan.values).toEqual({ jobTitle: before });
      const after: FieldStates = { jobTitle: { held: before, sent: plan.sent['jobTitle'] ?? '' } };
      expect(planUpdate({ ...input, fields: after }).values).toEqual({});
      expect(planUpdate({ ...input, golden: { jobTitle: next }, fields: after }).values).toEqual({
        jobTitle: next,
      });
    }),
  );
});
