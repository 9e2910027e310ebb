-- AlterTable
ALTER TABLE "replay_items" ADD COLUMN     "edit" JSONB,
ADD COLUMN     "newer_position" BIGINT,
ADD COLUMN     "outcome" TEXT,
ADD COLUMN     "outcome_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "replay_runs" ADD COLUMN     "undoes_run_id" INTEGER;

-- CreateTable
CREATE TABLE "failure_cares" (
    "fingerprint" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "snoozed_until" TIMESTAMPTZ(3),
    "merged_into" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT NOT NULL,

    CONSTRAINT "failure_cares_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateTable
CREATE TABLE "failure_notes" (
    "id" SERIAL NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "failure_notes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "failure_cares_merged_into_idx" ON "failure_cares"("merged_into");

-- CreateIndex
CREATE INDEX "failure_notes_fingerprint_at_idx" ON "failure_notes"("fingerprint", "at");

