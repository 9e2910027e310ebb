-- Written by hand, because the Prisma schema cannot say how a bloom index is sized: see docs/decisions/0011-keys-through-a-bloom-index.md.
-- Builds it anew for the hours that are kept: about a second for each half million events, during which nothing is written.

-- DropIndex
DROP INDEX "events_message_ref_bloom";

-- CreateIndex
CREATE INDEX "events_message_ref_bloom" ON "events" USING BRIN ("message_ref" int8_bloom_ops (n_distinct_per_range = -0.25)) WITH (pages_per_range = 32, autosummarize = on);
