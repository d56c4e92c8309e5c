-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "limits" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "backfill" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "call_count" (
    "connection_id" UUID NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "urgent" INTEGER NOT NULL DEFAULT 0,
    "backfill" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "call_count_pkey" PRIMARY KEY ("connection_id","slot")
);

-- CreateTable
CREATE TABLE "call_quota" (
    "connection_id" UUID NOT NULL,
    "day_limit" INTEGER,
    "others" INTEGER NOT NULL DEFAULT 0,
    "seen_at" TIMESTAMPTZ(3),
    "exhausted_at" TIMESTAMPTZ(3),
    "time_zone" TEXT,
    "recent" JSONB NOT NULL DEFAULT '{}',
    "waits" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "call_quota_pkey" PRIMARY KEY ("connection_id")
);
