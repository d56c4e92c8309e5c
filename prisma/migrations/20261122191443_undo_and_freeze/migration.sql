-- AlterTable
ALTER TABLE "golden" ADD COLUMN     "frozen" JSONB;

-- AlterTable
ALTER TABLE "push_intent" ADD COLUMN     "revert" JSONB;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "undoes" UUID;

-- AlterTable
ALTER TABLE "source_record" ADD COLUMN     "undone" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "write_receipt_run_id_idx" ON "write_receipt"("run_id");
