-- The deals of a customer, and of an account. Expression indexes: Prisma's schema has no word for them. No golden record is a deal yet.
CREATE INDEX "golden_deal_customers" ON "golden" USING GIN (("fields" -> 'customers')) WHERE "entity" = 'deal';
CREATE INDEX "golden_deal_account" ON "golden" (("fields" ->> 'account')) WHERE "entity" = 'deal';
