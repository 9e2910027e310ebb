-- The leases of those who hold a leader's lock. A leader that does not renew its lease has stopped, even if its
-- connection still stands: whoever comes next ends that connection, and with it the lock and all that it could write.
CREATE TABLE "leader_leases" (
  "lock_kind" INTEGER NOT NULL,
  "lock_id" INTEGER NOT NULL,
  "backend_pid" INTEGER NOT NULL,
  "renewed_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "leader_leases_pkey" PRIMARY KEY ("lock_kind", "lock_id")
);
