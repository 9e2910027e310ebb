-- Each destination may bring only so many names, and names that nothing uses any more are deleted.
ALTER TABLE "services"
  ADD COLUMN "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "source_id" INTEGER;

ALTER TABLE "event_types"
  ADD COLUMN "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "source_id" INTEGER;

CREATE INDEX "services_source_id_idx" ON "services"("source_id");
CREATE INDEX "event_types_source_id_idx" ON "event_types"("source_id");

-- An id that stands in every event, and a failure that never ends, count beyond 32 bits.
ALTER TABLE "traces"
  ALTER COLUMN "events" TYPE BIGINT,
  ALTER COLUMN "errors" TYPE BIGINT;

ALTER TABLE "aged_failures"
  ALTER COLUMN "events" TYPE BIGINT,
  ALTER COLUMN "open" TYPE BIGINT;
