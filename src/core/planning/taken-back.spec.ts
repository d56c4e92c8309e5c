import type { JsonValue } from '../../sdk/index.js';
import { settle, type FieldStates } from '../claims/index.js';
import { digest, planUpdate, type RecordPlan } from './index.js';

function planned(golden: Readonly<Record<string, JsonValue>>, fields: FieldStates): RecordPlan {
  const mapping = (['familyName', 'jobTitle'] as const).map((field) => ({
    field,
    property: field,
    direction: 'both' as const,
  }));
  return planUpdate({
    entity: 'customer',
    mapping,
    golden,
    recordsOf: () => [],
    refused: new Map(),
    fields,
  });
}

describe('a field that nobody says anything of any more', () => {
  const written = { jobTitle: { held: 'Chief', sent: digest('Chief') } };

  it('becomes blank where the hub had written it', () => {
    const plan = planned({ familyName: 'Byron' }, { familyName: { held: 'Byron' }, ...written });
    expect(plan.values).toEqual({ jobTitle: null });

    const fields = settle(written, { sent: plan.sent, stored: { jobTitle: null } });
    expect(planned({ familyName: 'Byron' }, { familyName: { held: 'Byron' }, ...fields }).values).toEqual({});
  });

  it('is left alone where somebody else did', () => {
    const fields = { familyName: { held: 'Byron' }, jobTitle: { held: 'Chief' } };
    expect(planned({ familyName: 'Byron' }, fields).values).toEqual({});
  });

  it('is left alone where nobody says anything of the record at all', () => {
    expect(planned({}, written).values).toEqual({});
  });
});
