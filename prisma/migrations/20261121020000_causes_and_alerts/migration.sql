-- AlterTable
ALTER TABLE "consumer_groups" ADD COLUMN     "catch_up_seconds" DOUBLE PRECISION,
ADD COLUMN     "cause" TEXT,
ADD COLUMN     "cause_detail" JSONB,
ADD COLUMN     "cause_since" TIMESTAMPTZ(3),
ADD COLUMN     "data_loss_seconds" DOUBLE PRECISION,
ADD COLUMN     "empty_since" TIMESTAMPTZ(3),
ADD COLUMN     "generation" INTEGER,
ADD COLUMN     "lost_messages" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "time_lag_is_floor" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "group_partitions" ADD COLUMN     "catch_up_seconds" DOUBLE PRECISION,
ADD COLUMN     "data_loss_seconds" DOUBLE PRECISION,
ADD COLUMN     "flag" TEXT,
ADD COLUMN     "in_rate" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN     "lost_messages" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "out_rate" DOUBLE PRECISION NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "partition_offsets" ADD COLUMN     "pinned_by" JSONB,
ADD COLUMN     "pinned_since" TIMESTAMPTZ(3),
ADD COLUMN     "size_bytes" BIGINT;

-- CreateTable
CREATE TABLE "member_spells" (
    "group_id" INTEGER NOT NULL,
    "member_id" TEXT NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "left_at" TIMESTAMPTZ(3),
    "client_id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "assignment" JSONB NOT NULL,

    CONSTRAINT "member_spells_pkey" PRIMARY KEY ("group_id","member_id","joined_at")
);

-- CreateTable
CREATE TABLE "group_marks" (
    "id" BIGSERIAL NOT NULL,
    "group_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "group_marks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incidents" (
    "id" SERIAL NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "group_id" INTEGER NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "verdict" TEXT NOT NULL,
    "cause" TEXT,
    "severity" INTEGER NOT NULL,
    "reason" TEXT,
    "peak_lag_messages" BIGINT NOT NULL DEFAULT 0,
    "peak_time_lag_ms" BIGINT,

    CONSTRAINT "incidents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_changes" (
    "id" BIGSERIAL NOT NULL,
    "incident_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "cause" TEXT,
    "reason" TEXT,
    "detail" JSONB,

    CONSTRAINT "incident_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alerts" (
    "id" SERIAL NOT NULL,
    "rule" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "pending_at" TIMESTAMPTZ(3) NOT NULL,
    "fired_at" TIMESTAMPTZ(3),
    "cleared_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "severity" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_deliveries" (
    "id" BIGSERIAL NOT NULL,
    "channel" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "dedup_key" TEXT NOT NULL,
    "alert_ids" INTEGER[],
    "message" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_silences" (
    "id" SERIAL NOT NULL,
    "rule" TEXT NOT NULL DEFAULT '*',
    "cluster" TEXT NOT NULL DEFAULT '*',
    "group" TEXT NOT NULL DEFAULT '*',
    "until" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_silences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_views" (
    "id" SERIAL NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_views_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "member_spells_group_id_joined_at_idx" ON "member_spells"("group_id", "joined_at");

-- CreateIndex
CREATE INDEX "group_marks_group_id_at_idx" ON "group_marks"("group_id", "at");

-- CreateIndex
CREATE INDEX "group_marks_at_idx" ON "group_marks"("at");

-- CreateIndex
CREATE INDEX "incidents_group_id_opened_at_idx" ON "incidents"("group_id", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "incidents_opened_at_idx" ON "incidents"("opened_at" DESC);

-- CreateIndex
CREATE INDEX "incident_changes_incident_id_at_idx" ON "incident_changes"("incident_id", "at");

-- CreateIndex
CREATE INDEX "alerts_state_idx" ON "alerts"("state");

-- CreateIndex
CREATE INDEX "alerts_rule_cluster_id_subject_pending_at_idx" ON "alerts"("rule", "cluster_id", "subject", "pending_at" DESC);

-- CreateIndex
CREATE INDEX "alert_deliveries_status_next_at_idx" ON "alert_deliveries"("status", "next_at");

-- CreateIndex
CREATE INDEX "alert_deliveries_created_at_idx" ON "alert_deliveries"("created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "saved_views_page_name_key" ON "saved_views"("page", "name");

-- AddForeignKey
ALTER TABLE "incident_changes" ADD CONSTRAINT "incident_changes_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

