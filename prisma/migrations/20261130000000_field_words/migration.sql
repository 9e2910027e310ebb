-- The field's words for what had private ones: see docs/glossary.md.
ALTER TABLE member_spells RENAME TO member_sessions;
ALTER TABLE member_sessions RENAME CONSTRAINT member_spells_pkey TO member_sessions_pkey;
ALTER INDEX member_spells_group_id_joined_at_idx RENAME TO member_sessions_group_id_joined_at_idx;

ALTER TABLE group_marks RENAME TO group_events;
ALTER TABLE group_events RENAME CONSTRAINT group_marks_pkey TO group_events_pkey;
ALTER INDEX group_marks_group_id_at_idx RENAME TO group_events_group_id_at_idx;
ALTER INDEX group_marks_at_idx RENAME TO group_events_at_idx;
ALTER SEQUENCE group_marks_id_seq RENAME TO group_events_id_seq;

ALTER TABLE failure_cares RENAME TO failure_triages;
ALTER TABLE failure_triages RENAME CONSTRAINT failure_cares_pkey TO failure_triages_pkey;
ALTER INDEX failure_cares_merged_into_idx RENAME TO failure_triages_merged_into_idx;

ALTER TABLE failures RENAME COLUMN family TO format;
ALTER TABLE aged_failures RENAME COLUMN family TO format;
ALTER TABLE partition_offsets RENAME COLUMN pinned_since TO held_since;
ALTER TABLE partition_offsets RENAME COLUMN pinned_by TO held_by;
ALTER TABLE consumer_groups RENAME COLUMN judged_at TO evaluated_at;

-- Nothing reads it. Kinds of destination come with the brokers that have more than one.
ALTER TABLE destinations DROP COLUMN kind;

-- Columns that hold one word of a list take no other word. The lists are those of the code, and a test keeps them equal.
ALTER TABLE clusters
  ADD CONSTRAINT clusters_state_check CHECK (state IN ('connecting', 'connected', 'unreachable')),
  ADD CONSTRAINT clusters_commit_source_check CHECK (commit_source IN ('tapped', 'polled', 'unknown'));
ALTER TABLE destinations
  ADD CONSTRAINT destinations_role_check CHECK (role IN ('event', 'retry', 'dead_letter', 'internal'));
ALTER TABLE consumer_groups
  ADD CONSTRAINT consumer_groups_protocol_check CHECK (protocol IN (
    'classic', 'consumer', 'share', 'streams', 'simple', 'unknown'
  )),
  ADD CONSTRAINT consumer_groups_state_check CHECK (state IN ('stable', 'empty', 'rebalancing', 'dead', 'unknown')),
  ADD CONSTRAINT consumer_groups_service_known_by_check CHECK (service_known_by IN ('declared', 'inferred')),
  ADD CONSTRAINT consumer_groups_verdict_check CHECK (verdict IN (
    'unknown', 'ok', 'warning', 'stopped', 'stalled', 'rewound'
  )),
  ADD CONSTRAINT consumer_groups_cause_check CHECK (cause IN (
    'broker_trouble', 'data_lost', 'rebalance_loop', 'no_members', 'not_consuming', 'open_transaction',
    'poison_event', 'hung_member', 'rewound', 'skipped_ahead', 'hot_partition', 'too_slow'
  ));
ALTER TABLE group_partitions
  ADD CONSTRAINT group_partitions_verdict_check CHECK (verdict IN (
    'unknown', 'ok', 'warning', 'stopped', 'stalled', 'rewound'
  )),
  ADD CONSTRAINT group_partitions_flag_check CHECK (flag IN (
    'lost', 'beyond_end', 'transaction', 'compacted', 'clock_ahead'
  ));
ALTER TABLE group_events
  ADD CONSTRAINT group_events_kind_check CHECK (kind IN (
    'rebalance', 'joined', 'left', 'deploy', 'rewound', 'skipped', 'emptied'
  ));
ALTER TABLE incidents
  ADD CONSTRAINT incidents_verdict_check CHECK (verdict IN (
    'unknown', 'ok', 'warning', 'stopped', 'stalled', 'rewound'
  )),
  ADD CONSTRAINT incidents_cause_check CHECK (cause IN (
    'broker_trouble', 'data_lost', 'rebalance_loop', 'no_members', 'not_consuming', 'open_transaction',
    'poison_event', 'hung_member', 'rewound', 'skipped_ahead', 'hot_partition', 'too_slow'
  ));
ALTER TABLE incident_changes
  ADD CONSTRAINT incident_changes_kind_check CHECK (kind IN ('opened', 'changed', 'closed')),
  ADD CONSTRAINT incident_changes_verdict_check CHECK (verdict IN (
    'unknown', 'ok', 'warning', 'stopped', 'stalled', 'rewound'
  )),
  ADD CONSTRAINT incident_changes_cause_check CHECK (cause IN (
    'broker_trouble', 'data_lost', 'rebalance_loop', 'no_members', 'not_consuming', 'open_transaction',
    'poison_event', 'hung_member', 'rewound', 'skipped_ahead', 'hot_partition', 'too_slow'
  ));
ALTER TABLE consume_rollups
  ADD CONSTRAINT consume_rollups_verdict_check CHECK (verdict IN (
    'unknown', 'ok', 'warning', 'stopped', 'stalled', 'rewound'
  ));
ALTER TABLE cause_rollups
  ADD CONSTRAINT cause_rollups_known_by_check CHECK (known_by IN ('declared', 'traced', 'inferred'));
ALTER TABLE failures
  ADD CONSTRAINT failures_status_check CHECK (status IN ('open', 'replaying', 'resolved'));
ALTER TABLE failure_triages
  ADD CONSTRAINT failure_triages_status_check CHECK (status IN ('open', 'resolved', 'snoozed'));
ALTER TABLE replay_runs
  ADD CONSTRAINT replay_runs_kind_check CHECK (kind IN ('redrive', 'offset_reset', 'skip')),
  ADD CONSTRAINT replay_runs_status_check CHECK (status IN (
    'draft', 'queued', 'running', 'paused', 'completed', 'failed', 'cancelled'
  ));
ALTER TABLE replay_items
  ADD CONSTRAINT replay_items_status_check CHECK (status IN ('pending', 'sending', 'sent', 'skipped', 'failed')),
  ADD CONSTRAINT replay_items_outcome_check CHECK (outcome IN ('consumed', 'dead_lettered', 'not_applicable'));
ALTER TABLE alerts
  ADD CONSTRAINT alerts_state_check CHECK (state IN ('pending', 'firing', 'resolved')),
  ADD CONSTRAINT alerts_severity_check CHECK (severity IN ('critical', 'warning', 'info'));
ALTER TABLE alert_deliveries
  ADD CONSTRAINT alert_deliveries_kind_check CHECK (kind IN ('firing', 'resolved', 'test')),
  ADD CONSTRAINT alert_deliveries_status_check CHECK (status IN ('pending', 'sent', 'failed', 'silenced'));
