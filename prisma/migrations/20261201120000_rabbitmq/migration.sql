-- The consumers of a queue are a group as well
ALTER TABLE consumer_groups DROP CONSTRAINT consumer_groups_protocol_check;
ALTER TABLE consumer_groups ADD CONSTRAINT consumer_groups_protocol_check CHECK (
  protocol IN ('classic', 'consumer', 'share', 'streams', 'simple', 'queue', 'unknown')
);

-- By which exchanges a queue is reached, and since when. A route that is gone is kept: pictures of the past need it
CREATE TABLE destination_routes (
  destination_id integer NOT NULL,
  group_id integer NOT NULL,
  known_since timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  gone_at timestamptz(3),
  CONSTRAINT destination_routes_pkey PRIMARY KEY (destination_id, group_id)
);
CREATE INDEX destination_routes_group_id_idx ON destination_routes (group_id);
ALTER TABLE destination_routes ADD CONSTRAINT destination_routes_destination_id_fkey
  FOREIGN KEY (destination_id) REFERENCES destinations (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE destination_routes ADD CONSTRAINT destination_routes_group_id_fkey
  FOREIGN KEY (group_id) REFERENCES consumer_groups (id) ON DELETE CASCADE ON UPDATE CASCADE;
