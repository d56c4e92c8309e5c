/** The demo's rapport.yaml, and what in it the sandboxes have to have too. */

export const TIER_PROPERTY = 'customer_tier';
export const HUB_ID_PROPERTY = 'rapport_id';
export const HUB_ID_FIELD = 'Rapport_Id__c';

/** The hub's (and Salesforce's) word for an industry by HubSpot's. */
export const INDUSTRIES: Readonly<Record<string, string>> = {
  ACCOUNTING: 'Accounting',
  BANKING: 'Banking',
  COMPUTER_SOFTWARE: 'Technology',
  CONSTRUCTION: 'Construction',
  INSURANCE: 'Insurance',
  RETAIL: 'Retail',
};

export interface Addresses {
  readonly salesforce: string;
  readonly hubspot: string;
}

/** Secrets stay in the environment, as in a file that is kept in git. */
export function configurationText({ salesforce, hubspot }: Addresses): string {
  const industries = Object.entries(INDUSTRIES).map(([word, industry]) => `${word}: ${industry}`);
  return `# Written by the demo: two sandboxes that behave as the vendors document it.
connections:
  - name: salesforce
    connector: salesforce
    settings: { loginUrl: "${salesforce}", apiVersion: "62.0", externalIdField: ${HUB_ID_FIELD} }
    credentials: { grantType: client_credentials, clientId: \${SF_CLIENT_ID}, clientSecret: \${SF_CLIENT_SECRET} }
    sync:
      customer: { direction: both, create: true, onDelete: keep }
      account: { direction: both, create: true, onDelete: keep }
      deal: { direction: both, create: true, onDelete: keep }
  - name: hubspot
    connector: hubspot
    settings: { baseUrl: "${hubspot}", hubIdProperty: ${HUB_ID_PROPERTY} }
    credentials: { accessToken: \${HUBSPOT_TOKEN} }
    webhooks: { clientSecret: \${HUBSPOT_CLIENT_SECRET} }
    sync:
      customer: { direction: both, create: true, onDelete: keep }
      account: { direction: both, create: true, onDelete: keep }
      deal: { direction: both, create: true, onDelete: keep }
survivorship:
  default: { rule: most-recent, blanks: ignore }
  customer:
    email: { rule: source-priority, order: [salesforce, hubspot] }
    jobTitle: { rule: most-complete, blanks: ignore }
  account:
    name: { rule: source-priority, order: [salesforce, hubspot] }
mapping:
  salesforce:
    customer:
      - { field: custom.tier, property: Tier__c, direction: both }
  hubspot:
    customer:
      - { field: custom.tier, property: ${TIER_PROPERTY}, direction: both }
    account:
      - field: industry
        property: industry
        direction: both
        values: { ${industries.join(', ')} }
`;
}
