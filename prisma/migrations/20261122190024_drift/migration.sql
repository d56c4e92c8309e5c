-- CreateTable
CREATE TABLE "drift_audit" (
    "id" UUID NOT NULL,
    "trigger" TEXT NOT NULL,
    "repair" BOOLEAN NOT NULL,
    "by" TEXT NOT NULL,
    "schedule_key" TEXT,
    "state" TEXT NOT NULL DEFAULT 'running',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "drift_audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drift_part" (
    "audit_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "object" TEXT NOT NULL,
    "read" INTEGER NOT NULL,
    "linked" INTEGER NOT NULL,
    "identical" INTEGER NOT NULL,
    "reasons" JSONB NOT NULL,
    "problem" JSONB,

    CONSTRAINT "drift_part_pkey" PRIMARY KEY ("audit_id","connection_id","object")
);

-- CreateTable
CREATE TABLE "drift_finding" (
    "id" BIGSERIAL NOT NULL,
    "audit_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "object" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "golden_id" UUID,
    "reason" TEXT NOT NULL,
    "fields" JSONB NOT NULL,

    CONSTRAINT "drift_finding_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "drift_audit_schedule_key_key" ON "drift_audit"("schedule_key");

-- CreateIndex
CREATE INDEX "drift_audit_started_at_idx" ON "drift_audit"("started_at");

-- CreateIndex
CREATE INDEX "drift_finding_audit_id_id_idx" ON "drift_finding"("audit_id", "id");
