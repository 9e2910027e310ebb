-- What the taps do beside reading, so that what stands still is seen to.
CREATE TABLE "background_work" (
    "kind" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL DEFAULT 0,
    "done_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "held_since" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "background_work_pkey" PRIMARY KEY ("kind", "cluster_id"),
    CONSTRAINT "background_work_kind_check" CHECK (
      "kind" IN ('monitor', 'correlation', 'housekeeping', 'alert_rules', 'alert_messages')
    )
);

-- Alert rules count the dead letters of the last minute every few seconds, by when they were stored.
CREATE INDEX "failures_stored_at_idx" ON "failures"("stored_at");
