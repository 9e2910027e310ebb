-- Written by `npm run db:diff`. Added by hand, because the Prisma schema cannot say it: the three PARTITION BY clauses.
-- CreateTable
CREATE TABLE "clusters" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "system" TEXT NOT NULL,
    "external_id" TEXT,
    "brokers" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "state" TEXT NOT NULL DEFAULT 'connecting',
    "state_reason" TEXT,
    "state_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "commit_source" TEXT NOT NULL DEFAULT 'unknown',
    "inspected_at" TIMESTAMPTZ(3),

    CONSTRAINT "clusters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "destinations" (
    "id" SERIAL NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'topic',
    "role" TEXT NOT NULL DEFAULT 'event',
    "source_id" INTEGER,
    "partition_count" INTEGER NOT NULL DEFAULT 0,
    "replication" INTEGER,
    "cleanup_policy" TEXT,
    "retention_ms" BIGINT,
    "retention_bytes" BIGINT,
    "tapped" BOOLEAN NOT NULL DEFAULT false,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "destinations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "partition_offsets" (
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "log_start_offset" BIGINT NOT NULL,
    "end_offset" BIGINT NOT NULL,
    "last_stable_offset" BIGINT,
    "leader" INTEGER,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "partition_offsets_pkey" PRIMARY KEY ("destination_id","partition")
);

-- CreateTable
CREATE TABLE "consumer_groups" (
    "id" SERIAL NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "protocol" TEXT NOT NULL DEFAULT 'unknown',
    "state" TEXT NOT NULL DEFAULT 'unknown',
    "member_count" INTEGER NOT NULL DEFAULT 0,
    "coordinator" TEXT,
    "service_id" INTEGER,
    "service_known_by" TEXT,
    "verdict" TEXT NOT NULL DEFAULT 'unknown',
    "verdict_since" TIMESTAMPTZ(3),
    "evidence" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "reason" TEXT,
    "severity" INTEGER NOT NULL DEFAULT 0,
    "lag_messages" BIGINT NOT NULL DEFAULT 0,
    "time_lag_ms" BIGINT,
    "in_rate" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "out_rate" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "judged_at" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "consumer_groups_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_partitions" (
    "group_id" INTEGER NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "committed_offset" BIGINT,
    "committed_at" TIMESTAMPTZ(3),
    "moved_at" TIMESTAMPTZ(3),
    "lag_messages" BIGINT,
    "time_lag_ms" BIGINT,
    "time_lag_is_floor" BOOLEAN NOT NULL DEFAULT false,
    "verdict" TEXT NOT NULL DEFAULT 'unknown',
    "evidence" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "member_id" TEXT,

    CONSTRAINT "group_partitions_pkey" PRIMARY KEY ("group_id","destination_id","partition")
);

-- CreateTable
CREATE TABLE "group_members" (
    "group_id" INTEGER NOT NULL,
    "member_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "assignment" JSONB NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "group_members_pkey" PRIMARY KEY ("group_id","member_id")
);

-- CreateTable
CREATE TABLE "services" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "services_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_types" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "schema_version" TEXT NOT NULL DEFAULT '',
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_types_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tap_processes" (
    "id" SERIAL NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stopped_at" TIMESTAMPTZ(3),
    "counters" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "tap_processes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tap_positions" (
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "next" BIGINT NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tap_positions_pkey" PRIMARY KEY ("destination_id","partition")
);

-- CreateTable
CREATE TABLE "events" (
    "stored_at" TIMESTAMPTZ(3) NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "position" BIGINT NOT NULL,
    "trace_id" UUID,
    "conversation_id" UUID,
    "span_id" BIGINT,
    "parent_span_id" BIGINT,
    "message_ref" BIGINT,
    "cause_ref" BIGINT,
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "type_id" INTEGER,
    "service_id" INTEGER,
    "size_bytes" INTEGER NOT NULL,
    "flags" INTEGER NOT NULL,
    "key" TEXT
) PARTITION BY RANGE ("stored_at");

-- CreateTable
CREATE TABLE "event_batches" (
    "seq" BIGSERIAL NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "first_position" BIGINT NOT NULL,
    "last_position" BIGINT NOT NULL,
    "first_occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "last_occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "events" INTEGER NOT NULL,
    "xid" BIGINT NOT NULL
) PARTITION BY RANGE ("stored_at");

-- CreateTable
CREATE TABLE "group_commits" (
    "stored_at" TIMESTAMPTZ(3) NOT NULL,
    "committed_at" TIMESTAMPTZ(3) NOT NULL,
    "group_id" INTEGER NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "committed_offset" BIGINT NOT NULL
) PARTITION BY RANGE ("stored_at");

-- CreateTable
CREATE TABLE "quarantine" (
    "id" BIGSERIAL NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quarantine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "publish_rollups" (
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "service_id" INTEGER NOT NULL,
    "type_id" INTEGER NOT NULL,
    "tap_id" INTEGER NOT NULL,
    "events" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "latency" BYTEA,

    CONSTRAINT "publish_rollups_pkey" PRIMARY KEY ("bucket","destination_id","service_id","type_id","tap_id")
);

-- CreateTable
CREATE TABLE "consume_rollups" (
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "group_id" INTEGER NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "consumed" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL DEFAULT 0,
    "lag_messages" BIGINT,
    "time_lag_ms" BIGINT,
    "member_count" INTEGER,
    "verdict" TEXT,
    "latency" BYTEA,

    CONSTRAINT "consume_rollups_pkey" PRIMARY KEY ("bucket","group_id","destination_id")
);

-- CreateTable
CREATE TABLE "cause_rollups" (
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "from_destination_id" INTEGER NOT NULL,
    "from_type_id" INTEGER NOT NULL,
    "group_id" INTEGER NOT NULL,
    "to_destination_id" INTEGER NOT NULL,
    "to_type_id" INTEGER NOT NULL,
    "known_by" TEXT NOT NULL,
    "events" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "confidence_milli" BIGINT NOT NULL,
    "sampled_share" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "latency" BYTEA,

    CONSTRAINT "cause_rollups_pkey" PRIMARY KEY ("bucket","from_destination_id","from_type_id","group_id","to_destination_id","to_type_id","known_by")
);

-- CreateTable
CREATE TABLE "traces" (
    "trace_id" UUID NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "events" INTEGER NOT NULL,
    "errors" INTEGER NOT NULL,
    "root_type_id" INTEGER,
    "root_service_id" INTEGER,
    "root_destination" INTEGER NOT NULL,
    "service_ids" INTEGER[],
    "destination_ids" INTEGER[],

    CONSTRAINT "traces_pkey" PRIMARY KEY ("trace_id")
);

-- CreateTable
CREATE TABLE "trace_aliases" (
    "conversation_id" UUID NOT NULL,
    "trace_id" UUID NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trace_aliases_pkey" PRIMARY KEY ("conversation_id")
);

-- CreateTable
CREATE TABLE "failures" (
    "id" BIGSERIAL NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" BIGINT NOT NULL,
    "failed_at" TIMESTAMPTZ(3) NOT NULL,
    "family" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "original_destination" TEXT,
    "original_destination_id" INTEGER,
    "original_partition" INTEGER,
    "original_position" BIGINT,
    "original_at" TIMESTAMPTZ(3),
    "group_name" TEXT,
    "exception_class" TEXT,
    "root_cause_class" TEXT,
    "message" TEXT,
    "stack" TEXT,
    "attempt" INTEGER,
    "trace_id" UUID,
    "type_id" INTEGER,
    "service_id" INTEGER,
    "key" TEXT,
    "status" TEXT NOT NULL DEFAULT 'open',
    "stored_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "failures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cursors" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cursors_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "replay_runs" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'draft',
    "cluster_id" INTEGER NOT NULL,
    "group_name" TEXT,
    "plan" JSONB NOT NULL,
    "result" JSONB,
    "error" TEXT,
    "created_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "replay_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replay_items" (
    "run_id" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "failure_id" BIGINT,
    "source_topic" TEXT NOT NULL,
    "source_partition" INTEGER NOT NULL,
    "source_offset" BIGINT NOT NULL,
    "target_topic" TEXT NOT NULL,
    "target_partition" INTEGER,
    "target_offset" BIGINT,
    "key" TEXT,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "detail" TEXT,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "replay_items_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "reason" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "clusters_name_key" ON "clusters"("name");

-- CreateIndex
CREATE UNIQUE INDEX "destinations_cluster_id_name_key" ON "destinations"("cluster_id", "name");

-- CreateIndex
CREATE INDEX "consumer_groups_severity_lag_messages_id_idx" ON "consumer_groups"("severity" DESC, "lag_messages" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "consumer_groups_cluster_id_name_key" ON "consumer_groups"("cluster_id", "name");

-- CreateIndex
CREATE INDEX "group_partitions_destination_id_group_id_idx" ON "group_partitions"("destination_id", "group_id");

-- CreateIndex
CREATE UNIQUE INDEX "services_name_key" ON "services"("name");

-- CreateIndex
CREATE UNIQUE INDEX "event_types_name_schema_version_key" ON "event_types"("name", "schema_version");

-- CreateIndex
CREATE INDEX "events_trace_id_idx" ON "events"("trace_id");

-- CreateIndex
CREATE INDEX "events_stored_at_idx" ON "events" USING BRIN ("stored_at");

-- CreateIndex
CREATE INDEX "events_message_ref_bloom" ON "events" USING BRIN ("message_ref" int8_bloom_ops);

-- CreateIndex
CREATE INDEX "events_key_bloom" ON "events" USING BRIN ("key" text_bloom_ops);

-- CreateIndex
CREATE INDEX "event_batches_destination_id_partition_last_position_idx" ON "event_batches"("destination_id", "partition", "last_position");

-- CreateIndex
CREATE INDEX "event_batches_xid_seq_idx" ON "event_batches"("xid", "seq");

-- CreateIndex
CREATE INDEX "group_commits_group_id_destination_id_partition_committed_a_idx" ON "group_commits"("group_id", "destination_id", "partition", "committed_at");

-- CreateIndex
CREATE INDEX "consume_rollups_group_id_bucket_idx" ON "consume_rollups"("group_id", "bucket");

-- CreateIndex
CREATE INDEX "traces_last_at_idx" ON "traces"("last_at" DESC);

-- CreateIndex
CREATE INDEX "trace_aliases_trace_id_idx" ON "trace_aliases"("trace_id");

-- CreateIndex
CREATE INDEX "trace_aliases_seen_at_idx" ON "trace_aliases"("seen_at");

-- CreateIndex
CREATE INDEX "failures_fingerprint_failed_at_idx" ON "failures"("fingerprint", "failed_at" DESC);

-- CreateIndex
CREATE INDEX "failures_failed_at_idx" ON "failures"("failed_at" DESC);

-- CreateIndex
CREATE INDEX "failures_original_destination_id_original_partition_origina_idx" ON "failures"("original_destination_id", "original_partition", "original_position");

-- CreateIndex
CREATE INDEX "failures_trace_id_idx" ON "failures"("trace_id");

-- CreateIndex
CREATE UNIQUE INDEX "failures_destination_id_partition_position_key" ON "failures"("destination_id", "partition", "position");

-- CreateIndex
CREATE INDEX "replay_runs_status_idx" ON "replay_runs"("status");

-- CreateIndex
CREATE INDEX "replay_runs_group_name_created_at_idx" ON "replay_runs"("group_name", "created_at" DESC);

-- CreateIndex
CREATE INDEX "replay_items_run_id_status_idx" ON "replay_items"("run_id", "status");

-- CreateIndex
CREATE INDEX "replay_items_target_topic_target_partition_target_offset_idx" ON "replay_items"("target_topic", "target_partition", "target_offset");

-- CreateIndex
CREATE INDEX "replay_items_failure_id_idx" ON "replay_items"("failure_id");

-- CreateIndex
CREATE INDEX "audit_entries_at_idx" ON "audit_entries"("at" DESC);

-- AddForeignKey
ALTER TABLE "destinations" ADD CONSTRAINT "destinations_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumer_groups" ADD CONSTRAINT "consumer_groups_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_partitions" ADD CONSTRAINT "group_partitions_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "consumer_groups"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "consumer_groups"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay_items" ADD CONSTRAINT "replay_items_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "replay_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
