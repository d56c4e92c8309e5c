-- CreateTable
CREATE TABLE "hub_key" (
    "name" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,

    CONSTRAINT "hub_key_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "erasure" (
    "id" UUID NOT NULL,
    "golden_id" UUID NOT NULL,
    "by" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "removed" JSONB NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "erasure_task" (
    "id" BIGSERIAL NOT NULL,
    "erasure_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "object" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "sealed" TEXT,
    "outcome" TEXT,
    "note" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "problem" JSONB,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasure_task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppression" (
    "hash" TEXT NOT NULL,
    "erasure_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "hits" INTEGER NOT NULL DEFAULT 0,
    "last_hit_at" TIMESTAMPTZ(3),

    CONSTRAINT "suppression_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "erasure_golden_id_idx" ON "erasure"("golden_id");

-- CreateIndex
CREATE INDEX "erasure_task_erasure_id_idx" ON "erasure_task"("erasure_id");

-- CreateIndex
CREATE INDEX "erasure_task_connection_id_outcome_due_at_idx" ON "erasure_task"("connection_id", "outcome", "due_at");

-- CreateIndex
CREATE INDEX "suppression_erasure_id_idx" ON "suppression"("erasure_id");
