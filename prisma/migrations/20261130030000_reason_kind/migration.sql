-- A reason's sentence is for people. The pages decide by its kind.
ALTER TABLE consumer_groups
  ADD COLUMN reason_kind TEXT,
  ADD CONSTRAINT consumer_groups_reason_kind_check CHECK (reason_kind IN (
    'no_members', 'not_moving', 'not_moving_for', 'repeats_commit', 'went_back', 'falls_behind',
    'does_not_catch_up', 'recovers', 'cause'
  ));
ALTER TABLE incident_changes
  ADD COLUMN reason_kind TEXT,
  ADD CONSTRAINT incident_changes_reason_kind_check CHECK (reason_kind IN (
    'no_members', 'not_moving', 'not_moving_for', 'repeats_commit', 'went_back', 'falls_behind',
    'does_not_catch_up', 'recovers', 'cause'
  ));

-- Where the reason was the sentence of the cause, its kind is known. The tap writes the others again.
UPDATE consumer_groups SET reason_kind = 'cause' WHERE reason = cause_detail ->> 'sentence';
UPDATE incident_changes SET reason_kind = 'cause' WHERE reason = detail ->> 'sentence';
