-- Counts the changes to a draft, so that nobody runs another plan than the one reviewed
ALTER TABLE replay_runs ADD COLUMN revision integer NOT NULL DEFAULT 1;
