-- Which producer wrote an event: a producer that is known by one record names what it writes without a name.
ALTER TABLE "events"
  ADD COLUMN "producer_id" BIGINT;

-- The running producers of a cluster, by the id that the broker gave them.
CREATE TABLE "producers" (
  "cluster_id" INTEGER NOT NULL,
  "producer_id" BIGINT NOT NULL,
  "first_at" TIMESTAMPTZ(3) NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "is_transactional" BOOLEAN NOT NULL DEFAULT false,
  "service_id" INTEGER,
  "service_conflict" BOOLEAN NOT NULL DEFAULT false,
  "group_id" INTEGER,
  "group_conflict" BOOLEAN NOT NULL DEFAULT false,
  "usual_group_id" INTEGER,

  CONSTRAINT "producers_pkey" PRIMARY KEY ("cluster_id", "producer_id")
);

CREATE INDEX "producers_group_id_idx" ON "producers"("group_id");

CREATE INDEX "producers_cluster_id_last_at_idx" ON "producers"("cluster_id", "last_at");

ALTER TABLE "producers"
  ADD CONSTRAINT "producers_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id")
  ON DELETE CASCADE ON UPDATE CASCADE;

-- What each of them wrote, by topic.
CREATE TABLE "producer_destinations" (
  "cluster_id" INTEGER NOT NULL,
  "producer_id" BIGINT NOT NULL,
  "destination_id" INTEGER NOT NULL,
  "records" BIGINT NOT NULL,
  "named_records" BIGINT NOT NULL,
  "first_at" TIMESTAMPTZ(3) NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "producer_destinations_pkey" PRIMARY KEY ("cluster_id", "producer_id", "destination_id")
);

-- Publishers that people took over from what Flowtap found.
CREATE TABLE "publisher_rules" (
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "service" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "publisher_rules_pkey" PRIMARY KEY ("kind", "name"),
  CONSTRAINT "publisher_rules_kind_check" CHECK ("kind" IN ('topic', 'group'))
);
