-- AlterTable
ALTER TABLE "push_intent" ADD COLUMN     "sending" JSONB;

-- AlterTable
ALTER TABLE "sync_issue" ADD COLUMN     "blocked_by" TEXT;
