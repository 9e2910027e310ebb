-- Commits are counted once, in the order their transactions became visible, as batches of events are.
-- AlterTable
ALTER TABLE "group_commits" ADD COLUMN     "xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint;

-- CreateIndex
CREATE INDEX "group_commits_xid_idx" ON "group_commits"("xid");
