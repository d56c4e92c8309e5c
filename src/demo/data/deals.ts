/** Deals of the invented companies: some in both systems, some in one. */
import type { Random } from './random.js';

export interface Deal {
  readonly name: string;
  /** In cents, so that it is exact. */
  readonly cents: number;
  /** As Salesforce calls it; HubSpot's default pipeline has all of these. */
  readonly stage: 'Qualification' | 'Negotiation/Review' | 'Closed Won' | 'Closed Lost';
  /** `YYYY-MM-DD` */
  readonly closeDate: string;
  /** Place in the list of companies. */
  readonly company: number;
  readonly inSalesforce: boolean;
  readonly inHubSpot: boolean;
  /** What HubSpot says otherwise. */
  readonly hubSpotCents: number;
}

const WHAT = ['Annual licence', 'Rollout', 'Training', 'Support', 'Pilot', 'Upgrade', 'Migration'] as const;
const STAGES = ['Qualification', 'Negotiation/Review', 'Closed Won', 'Closed Lost'] as const;
const BOTH = 0.5;

/** About one for every second company. */
export function inventDeals(
  random: Random,
  companies: readonly { readonly name: string }[],
  systems: { readonly inSalesforce: ReadonlySet<number>; readonly inHubSpot: ReadonlySet<number> },
): readonly Deal[] {
  return companies.flatMap(({ name }, company): Deal[] => {
    if (!random.chance(0.5)) return [];
    const roll = random.next();
    const [mine, theirs] = [systems.inSalesforce.has(company), systems.inHubSpot.has(company)];
    const inBoth = mine && theirs && roll < BOTH;
    const inSalesforce = mine && (inBoth || !theirs || roll < (1 + BOTH) / 2);
    const cents = random.whole(50_000, 25_000_000);
    const month = String(random.whole(1, 12)).padStart(2, '0');
    const day = String(random.whole(1, 28)).padStart(2, '0');
    return [
      {
        name: `${name}: ${random.pick(WHAT)}`,
        cents,
        stage: random.pick(STAGES),
        closeDate: `2027-${month}-${day}`,
        company,
        inSalesforce,
        inHubSpot: inBoth || (theirs && !inSalesforce),
        // A few are not what the other says: a person is asked whether they are one.
        hubSpotCents: inBoth && random.chance(0.04) ? cents + 100 : cents,
      },
    ];
  });
}

/** Decimal text of an amount. */
export function written(cents: number): string {
  return `${String(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, '0')}`;
}
