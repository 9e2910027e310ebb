-- Taps share the partitions of a cluster by leases instead of a consumer group. A tap whose lease is not renewed is
-- taken for dead.
CREATE TABLE "tap_leases" (
  "cluster_id" INTEGER NOT NULL,
  "tap_id" INTEGER NOT NULL,
  "renewed_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "tap_leases_pkey" PRIMARY KEY ("cluster_id", "tap_id")
);

ALTER TABLE "tap_leases"
  ADD CONSTRAINT "tap_leases_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id")
  ON DELETE CASCADE ON UPDATE CASCADE;

-- By the leader epoch of the last record read, a log that was truncated is found out.
-- A log whose transactions count each on its own is read again from the first of them that was open.
ALTER TABLE "tap_positions"
  ADD COLUMN "leader_epoch" INTEGER,
  ADD COLUMN "resume_from" BIGINT;

-- Partitions that cannot be read at the moment, and why.
CREATE TABLE "tap_faults" (
  "destination_id" INTEGER NOT NULL,
  "partition" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  "since" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "tap_faults_pkey" PRIMARY KEY ("destination_id", "partition")
);

-- A topic that is deleted and made anew has another id. What was read before keeps its row under another name.
ALTER TABLE "destinations"
  ADD COLUMN "topic_id" UUID,
  ADD COLUMN "generation" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "generation_of" TEXT;
