-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "cleared_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "approved_by" TEXT;

-- CreateTable
CREATE TABLE "run_gate" (
    "run_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "counts" JSONB NOT NULL,
    "judged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_gate_pkey" PRIMARY KEY ("run_id","connection_id")
);

-- CreateIndex
CREATE INDEX "run_gate_connection_id_state_idx" ON "run_gate"("connection_id", "state");

-- CreateIndex
-- CreateIndex
CREATE INDEX "push_intent_golden_id_idx" ON "push_intent"("golden_id");

-- Only writes that no run caused are counted by the hour.
CREATE INDEX "write_receipt_without_run_idx" ON "write_receipt"("connection_id", "at") WHERE "run_id" IS NULL;

-- Connections that were written before need not ask for their first writes.
UPDATE "connection" SET "cleared_at" = CURRENT_TIMESTAMP;
