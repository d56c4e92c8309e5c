-- CreateTable
CREATE TABLE "connection" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "connector" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "credentials" TEXT,
    "webhook_secrets" TEXT,
    "schedule" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "sync" JSONB NOT NULL,
    "mapping" JSONB NOT NULL,
    "position" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'active',
    "problem" JSONB,
    "clock_offset_ms" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rule_set" (
    "version" SERIAL NOT NULL,
    "document" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "applied_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rule_set_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "sync_cursor" (
    "connection_id" UUID NOT NULL,
    "object" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "cursor" JSONB,
    "mapping_hash" TEXT NOT NULL,
    "complete_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sync_cursor_pkey" PRIMARY KEY ("connection_id","object")
);

-- CreateTable
CREATE TABLE "source_record" (
    "id" BIGSERIAL NOT NULL,
    "connection_id" UUID NOT NULL,
    "object" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "golden_id" UUID,
    "fields" JSONB NOT NULL,
    "version" TEXT,
    "url" TEXT,
    "modified_at" TIMESTAMPTZ(3),
    "read_at" BIGINT NOT NULL DEFAULT 0,
    "written_at" BIGINT NOT NULL DEFAULT 0,
    "deleted_at" TIMESTAMPTZ(3),
    "merged_into" TEXT,
    "link_rule" TEXT,
    "linked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "source_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identifier" (
    "entity" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "record_id" BIGINT NOT NULL,

    CONSTRAINT "identifier_pkey" PRIMARY KEY ("entity","kind","value","record_id")
);

-- CreateTable
CREATE TABLE "golden" (
    "id" UUID NOT NULL,
    "entity" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "provenance" JSONB NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "search" TEXT NOT NULL DEFAULT '',
    "merged_into" UUID,
    "version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "golden_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "golden_change" (
    "id" BIGSERIAL NOT NULL,
    "golden_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "run_id" UUID,
    "changes" JSONB NOT NULL,

    CONSTRAINT "golden_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "resolve_task" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" UUID,

    CONSTRAINT "resolve_task_pkey" PRIMARY KEY ("kind","id")
);

-- CreateTable
CREATE TABLE "push_intent" (
    "id" BIGSERIAL NOT NULL,
    "connection_id" UUID NOT NULL,
    "object" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "golden_id" UUID NOT NULL,
    "record_id" BIGINT,
    "target" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,
    "run_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "push_intent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "write_receipt" (
    "id" BIGSERIAL NOT NULL,
    "golden_id" UUID NOT NULL,
    "record_id" BIGINT,
    "connection_id" UUID NOT NULL,
    "object" TEXT NOT NULL,
    "external_id" TEXT,
    "operation" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "golden_version" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "run_id" UUID,

    CONSTRAINT "write_receipt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_issue" (
    "id" BIGSERIAL NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "connection_id" UUID NOT NULL,
    "object" TEXT,
    "external_id" TEXT,
    "record_id" BIGINT,
    "golden_id" UUID,
    "operation" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "severity" TEXT NOT NULL DEFAULT 'error',
    "field" TEXT,
    "value_kind" TEXT,
    "value_length" INTEGER,
    "refused" TEXT,
    "message" TEXT NOT NULL,
    "remedy" TEXT NOT NULL,
    "detail" TEXT,
    "state" TEXT NOT NULL DEFAULT 'open',
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_try_at" TIMESTAMPTZ(3),

    CONSTRAINT "sync_issue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "match_decision" (
    "record_a" BIGINT NOT NULL,
    "record_b" BIGINT NOT NULL,
    "verdict" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "merge_id" UUID,

    CONSTRAINT "match_decision_pkey" PRIMARY KEY ("record_a","record_b")
);

-- CreateTable
CREATE TABLE "match_candidate" (
    "record_a" BIGINT NOT NULL,
    "record_b" BIGINT NOT NULL,
    "entity" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "match_candidate_pkey" PRIMARY KEY ("record_a","record_b")
);

-- CreateTable
CREATE TABLE "merge" (
    "id" UUID NOT NULL,
    "survivor_id" UUID NOT NULL,
    "merged_id" UUID NOT NULL,
    "records" JSONB NOT NULL,
    "by" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "merge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_event" (
    "id" BIGSERIAL NOT NULL,
    "connection_id" UUID NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "trigger" TEXT NOT NULL,
    "full" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'running',
    "schedule_key" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_part" (
    "run_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "progress" JSONB NOT NULL,
    "problem" JSONB,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_part_pkey" PRIMARY KEY ("run_id","connection_id")
);

-- CreateTable
CREATE TABLE "run_count" (
    "run_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "object" TEXT NOT NULL,
    "read" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "created" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "archived" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "calls" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "run_count_pkey" PRIMARY KEY ("run_id","connection_id","object")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker_process" (
    "id" UUID NOT NULL,
    "lock_key" BIGINT NOT NULL,
    "worker_ids" TEXT[],
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_process_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "connection_name_key" ON "connection"("name");

-- CreateIndex
CREATE INDEX "source_record_golden_id_idx" ON "source_record"("golden_id");

-- CreateIndex
CREATE INDEX "source_record_connection_id_merged_into_idx" ON "source_record"("connection_id", "merged_into");

-- CreateIndex
CREATE UNIQUE INDEX "source_record_connection_id_object_external_id_key" ON "source_record"("connection_id", "object", "external_id");

-- CreateIndex
CREATE INDEX "identifier_record_id_idx" ON "identifier"("record_id");

-- CreateIndex
CREATE INDEX "golden_entity_title_id_idx" ON "golden"("entity", "title", "id");

-- CreateIndex
CREATE INDEX "golden_merged_into_idx" ON "golden"("merged_into");

-- CreateIndex
CREATE INDEX "golden_change_golden_id_id_idx" ON "golden_change"("golden_id", "id");

-- CreateIndex
CREATE INDEX "push_intent_connection_id_due_at_idx" ON "push_intent"("connection_id", "due_at");

-- CreateIndex
CREATE INDEX "push_intent_run_id_idx" ON "push_intent"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "push_intent_connection_id_object_target_key" ON "push_intent"("connection_id", "object", "target");

-- CreateIndex
CREATE INDEX "write_receipt_golden_id_id_idx" ON "write_receipt"("golden_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "sync_issue_fingerprint_key" ON "sync_issue"("fingerprint");

-- CreateIndex
CREATE INDEX "sync_issue_connection_id_state_idx" ON "sync_issue"("connection_id", "state");

-- CreateIndex
CREATE INDEX "sync_issue_record_id_idx" ON "sync_issue"("record_id");

-- CreateIndex
CREATE INDEX "sync_issue_golden_id_idx" ON "sync_issue"("golden_id");

-- CreateIndex
CREATE INDEX "match_decision_record_b_idx" ON "match_decision"("record_b");

-- CreateIndex
CREATE INDEX "match_candidate_record_b_idx" ON "match_candidate"("record_b");

-- CreateIndex
CREATE INDEX "merge_survivor_id_idx" ON "merge"("survivor_id");

-- CreateIndex
CREATE INDEX "merge_merged_id_idx" ON "merge"("merged_id");

-- CreateIndex
CREATE INDEX "inbox_event_connection_id_done_at_id_idx" ON "inbox_event"("connection_id", "done_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_event_connection_id_dedupe_key_key" ON "inbox_event"("connection_id", "dedupe_key");

-- CreateIndex
CREATE UNIQUE INDEX "run_schedule_key_key" ON "run"("schedule_key");

-- CreateIndex
CREATE INDEX "run_state_idx" ON "run"("state");

-- CreateIndex
CREATE INDEX "run_started_at_idx" ON "run"("started_at");

-- CreateIndex
CREATE INDEX "run_part_connection_id_state_idx" ON "run_part"("connection_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");
