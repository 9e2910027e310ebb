/** The statements by which a claimed run changes its row and its audit log. $1 is the run's id. */

export const SELECT_RUN = `
  SELECT r.plan, r.result, c.name AS cluster
  FROM replay_runs r
  JOIN clusters c ON c.id = r.cluster_id
  WHERE r.id = $1`;
/**
 * What is noted of a run before and after a batch is on disk when the batch is sent, also where the database is set to
 * write to disk later.
 */
export const COMMIT_TO_DISK = `
  SELECT set_config('synchronous_commit', 'on', false)
  WHERE current_setting('synchronous_commit') = 'off'`;
export const SELECT_RESULT = "SELECT result FROM replay_runs WHERE id = $1";
export const SELECT_STATUS = "SELECT status FROM replay_runs WHERE id = $1";
export const BEGIN = `
  UPDATE replay_runs
  SET status = 'running', started_at = COALESCE(started_at, now())
  WHERE id = $1 AND status IN ('queued', 'running')`;
export const BEGIN_RESET = `
  UPDATE replay_runs
  SET plan = jsonb_set(plan, '{preview}', $2), result = $3, hold = NULL, error = NULL
  WHERE id = $1 AND status = 'running'`;
export const WITHDRAW_RESET = "UPDATE replay_runs SET result = NULL WHERE id = $1";
export const SET_HOLD = "UPDATE replay_runs SET hold = $2, error = NULL WHERE id = $1 AND finished_at IS NULL";
export const NOTE_CANARY_SETTLED = `
  UPDATE replay_runs
  SET result = COALESCE(result, '{}') || '{"canarySettled": true}'
  WHERE id = $1`;
export const PAUSE = `
  UPDATE replay_runs
  SET status = 'paused', hold = $2, error = NULL, result = COALESCE(result, '{}') || '{"pausedBy": "guard"}'
  WHERE id = $1 AND status = 'running'`;
export const AUDIT_PAUSE = `
  INSERT INTO audit_entries (actor, role, action, target, reason)
  VALUES ('Flowtap', 'tap', 'replay.redrive.pause', 'replay/' || $1::int, $2)`;
export const FINISH = `
  UPDATE replay_runs
  SET status = $2, hold = NULL, error = $3, finished_at = now()
  WHERE id = $1 AND finished_at IS NULL`;
/** A run that has taken a skip back: the group gets the event itself again, so the failure of its copy is resolved. */
export const RESOLVE_UNSKIPPED = `
  UPDATE failures f
  SET status = 'resolved'
  FROM replay_runs r
  JOIN replay_runs s ON s.id = r.undoes_run_id AND s.kind = 'skip'
  JOIN replay_items i ON i.run_id = s.id
  JOIN destinations d ON d.cluster_id = s.cluster_id AND d.name = i.target_topic
  WHERE r.id = $1
    AND f.destination_id = d.id
    AND f.partition = i.target_partition
    AND f.position = i.target_offset
    AND f.status = 'open'`;
export const SELECT_STARTER = `
  SELECT actor, COALESCE(reason, '') AS reason
  FROM audit_entries
  WHERE target = 'replay/' || $1::int AND action LIKE '%.run'
  ORDER BY id DESC
  LIMIT 1`;
