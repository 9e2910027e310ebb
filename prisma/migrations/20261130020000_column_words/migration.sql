-- The last columns that hold one word of a list and took any text.
ALTER TABLE clusters
  ADD CONSTRAINT clusters_system_check CHECK (system IN ('kafka', 'rabbitmq', 'aws_sqs', 'gcp_pubsub'));
ALTER TABLE saved_views
  ADD CONSTRAINT saved_views_page_check CHECK (page IN ('groups'));
ALTER TABLE audit_entries
  ADD CONSTRAINT audit_entries_role_check CHECK (role IN ('viewer', 'operator', 'tap'));
