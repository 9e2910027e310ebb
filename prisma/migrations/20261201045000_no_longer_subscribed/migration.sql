-- A group that no longer subscribes to a topic keeps its commits there for days, which are no lag of anybody.
ALTER TABLE group_partitions DROP CONSTRAINT group_partitions_flag_check;
ALTER TABLE group_partitions
  ADD CONSTRAINT group_partitions_flag_check CHECK (flag IN (
    'unsubscribed', 'lost', 'beyond_end', 'transaction', 'compacted', 'clock_ahead'
  )) NOT VALID;
ALTER TABLE group_partitions VALIDATE CONSTRAINT group_partitions_flag_check;
