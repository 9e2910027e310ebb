/** The statements by which a claimed run changes its items. $1 is the run's id. */

export const SELECT_ITEMS = `
  SELECT seq, source_topic, source_partition, source_offset, target_topic, target_partition, edit,
    key, published_at, seen_at, seen_bytes
  FROM replay_items
  WHERE run_id = $1 AND status = $2
  ORDER BY seq
  LIMIT $3`;
export const SELECT_UNSENT = `
  SELECT seq, status, target_topic, target_partition
  FROM replay_items
  WHERE run_id = $1 AND status IN ('pending', 'sending')`;
export const COUNT_ITEMS = "SELECT count(*)::int AS items FROM replay_items WHERE run_id = $1 AND status = $2";
export const SELECT_TARGETS = `
  SELECT DISTINCT target_topic AS topic, target_partition AS partition
  FROM replay_items
  WHERE run_id = $1 AND status IN ('pending', 'sending')`;

export const LOCK_RUN = "SELECT status FROM replay_runs WHERE id = $1 FOR UPDATE";
export const MARK_SENDING = `
  UPDATE replay_items
  SET status = 'sending'
  WHERE run_id = $1 AND seq = ANY($2) AND status = 'pending'`;
export const NOTE_RESULT = "UPDATE replay_runs SET result = COALESCE(result, '{}') || $2 WHERE id = $1";
export const MARK_SENT = `
  UPDATE replay_items i
  SET status = 'sent',
    sent_at = now(),
    target_partition = sent.partition,
    target_offset = sent.position,
    outcome = $5
  FROM unnest($2::int[], $3::int[], $4::bigint[]) AS sent(seq, partition, position)
  WHERE i.run_id = $1 AND i.seq = sent.seq`;
export const MARK_FAILURES_REPLAYING = `
  UPDATE failures
  SET status = 'replaying'
  FROM replay_items i
  WHERE i.run_id = $1
    AND i.seq = ANY($2)
    AND failures.id = i.failure_id
    AND failures.status = 'open'`;
export const MARK_PENDING = `
  UPDATE replay_items
  SET status = 'pending'
  WHERE run_id = $1 AND seq = ANY($2) AND status = 'sending'`;
export const MARK_FAILED = `
  UPDATE replay_items i
  SET status = 'failed', reason = fault.reason, detail = fault.detail
  FROM unnest($2::int[], $3::text[], $4::text[]) AS fault(seq, reason, detail)
  WHERE i.run_id = $1 AND i.seq = fault.seq`;
export const SKIP_PENDING = `
  UPDATE replay_items
  SET status = 'skipped', reason = $2, detail = NULL
  WHERE run_id = $1 AND status = 'pending'`;
