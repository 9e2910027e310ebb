-- AlterTable
ALTER TABLE "traces" ADD COLUMN     "type_ids" INTEGER[];

-- CreateTable
CREATE TABLE "aged_failures" (
    "fingerprint" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "family" TEXT NOT NULL,
    "root_cause_class" TEXT,
    "message" TEXT,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "events" INTEGER NOT NULL,
    "open" INTEGER NOT NULL,
    "groups" TEXT[],
    "topics" TEXT[],
    "types" TEXT[],

    CONSTRAINT "aged_failures_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateIndex
CREATE INDEX "aged_failures_last_at_idx" ON "aged_failures"("last_at" DESC);

