-- AlterTable
ALTER TABLE "inbox_event" ADD COLUMN     "changed" JSONB,
ADD COLUMN     "occurred_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "stream" (
    "connection_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "problem" JSONB,
    "unheard" JSONB NOT NULL DEFAULT '[]',
    "position" JSONB,
    "owes_read" BOOLEAN NOT NULL DEFAULT false,
    "heard_at" TIMESTAMPTZ(3),

    CONSTRAINT "stream_pkey" PRIMARY KEY ("connection_id")
);
