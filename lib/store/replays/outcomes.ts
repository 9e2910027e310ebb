/** What became of each event that was sent: looked up until it is certain, then kept. */
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";

/**
 * A group's commit and the dead letter it wrote before come by different topics. So long after the commit was made, a
 * dead letter that has not been read is not thought to be under way.
 */
const GRACE_SECONDS = 4;

/** The group that a run `r`, or a failure `f`, is of; or the one that reads its retry topic for it. */
function isOrRetriesFor(name: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    (
      ${name} = COALESCE(r.group_name, f.group_name)
      OR starts_with(${name}, COALESCE(r.group_name, f.group_name) || '-retry')
    )`;
}

/**
 * The failure that names the place an item was sent to. One known before the replay names a topic's former life.
 * (`+ 0`: it is found by its place, never by walking all ids.)
 */
export const FAILED_AGAIN = Prisma.sql`
  SELECT again.fingerprint, again.title, again.failed_at
  FROM failures again
  WHERE again.original_destination_id = d.id
    AND again.original_partition = i.target_partition
    AND again.original_position = i.target_offset
    AND again.id > COALESCE(i.failure_id, 0)
    AND (
      COALESCE(r.group_name, f.group_name) IS NULL
      OR again.group_name IS NULL
      OR ${isOrRetriesFor(Prisma.sql`again.group_name`)}
    )
  ORDER BY again.id + 0
  LIMIT 1`;

/** Sent longer ago than this, an event is not looked for in its group's commits any more. */
export const OUTCOMES_FOR_HOURS = 30 * 24;

/** Whether a group reads where an item `i` was sent, which can tell what becomes of it. */
export const HAS_READER = Prisma.sql`
  EXISTS (
    SELECT 1
    FROM group_partitions gp
    JOIN consumer_groups g ON g.id = gp.group_id
    WHERE gp.destination_id = d.id
      AND gp.partition = i.target_partition
      AND (COALESCE(r.group_name, f.group_name) IS NULL OR ${isOrRetriesFor(Prisma.sql`g.name`)})
  )`;

/** Which of these runs have items whose outcome is still to come. */
export async function readVerifying(prisma: PrismaClient, runIds: readonly number[]): Promise<ReadonlySet<number>> {
  if (runIds.length === 0) return new Set();
  const rows = await prisma.$queryRaw<{ id: number }[]>`
    SELECT r.id
    FROM replay_runs r
    WHERE r.id = ANY(${[...runIds]}::int[])
      AND EXISTS (
        SELECT 1
        FROM replay_items i
        LEFT JOIN failures f ON f.id = i.failure_id
        JOIN destinations d ON d.cluster_id = r.cluster_id AND d.name = i.target_topic
        WHERE i.run_id = r.id
          AND i.status = 'sent'
          AND i.outcome IS NULL
          AND i.sent_at > now() - make_interval(hours => ${OUTCOMES_FOR_HOURS}::int)
          AND ${HAS_READER}
      )`;
  return new Set(rows.map(({ id }) => id));
}

export interface Settling {
  /** null: every run */
  readonly runId: number | null;
  /** what was sent longer ago than this is left as it is */
  readonly sentWithinHours: number;
  /** items at most, at once */
  readonly limit: number;
}

/**
 * Settles what can be told now: consumed once the group's commit has passed the event, at the time of that commit;
 * dead-lettered once its new dead letter is indexed, also after it was taken for consumed (retries end late). Asked of
 * the run's group, else of the one that failed, else of every group that reads the target. Dead letters whose item is
 * settled are resolved: one that failed again lies there as a new one. Returns the runs in which something changed.
 */
export async function settleOutcomes(
  prisma: PrismaClient,
  { runId, sentWithinHours, limit }: Settling,
): Promise<number[]> {
  const rows = await prisma.$queryRaw<{ run_id: number }[]>`
    WITH told AS (
      SELECT i.run_id, i.seq, i.failure_id,
        CASE WHEN again.fingerprint IS NOT NULL THEN 'dead_lettered' ELSE 'consumed' END AS outcome,
        COALESCE(again.failed_at, readers.passed_at) AS at
      FROM replay_items i
      JOIN replay_runs r ON r.id = i.run_id
      JOIN destinations d ON d.cluster_id = r.cluster_id AND d.name = i.target_topic
      LEFT JOIN failures f ON f.id = i.failure_id
      LEFT JOIN LATERAL (${FAILED_AGAIN}) again ON true
      LEFT JOIN LATERAL (
        SELECT bool_and(COALESCE(gp.committed_offset > i.target_offset, false)) AS passed,
          max(COALESCE(first.committed_at, gp.committed_at)) AS passed_at
        FROM group_partitions gp
        JOIN consumer_groups g ON g.id = gp.group_id
        LEFT JOIN LATERAL (
          SELECT c.committed_at
          FROM group_commits c
          WHERE gp.committed_offset > i.target_offset
            AND c.group_id = gp.group_id
            AND c.destination_id = d.id
            AND c.partition = i.target_partition
            AND c.committed_offset > i.target_offset
            AND c.committed_at > i.sent_at - interval '5 minutes'
          ORDER BY c.committed_at
          LIMIT 1
        ) first ON true
        WHERE gp.destination_id = d.id
          AND gp.partition = i.target_partition
          AND g.gone_at IS NULL
          AND (COALESCE(r.group_name, f.group_name) IS NULL OR ${isOrRetriesFor(Prisma.sql`g.name`)})
      ) readers ON i.outcome IS NULL
      WHERE i.status = 'sent'
        AND (i.outcome IS NULL OR i.outcome = 'consumed')
        AND i.sent_at > now() - make_interval(hours => ${sentWithinHours}::int)
        AND (${runId}::int IS NULL OR i.run_id = ${runId}::int)
        AND (
          again.fingerprint IS NOT NULL
          OR (
            i.outcome IS NULL
            AND readers.passed
            AND COALESCE(readers.passed_at, '-infinity') < now() - make_interval(secs => ${GRACE_SECONDS}::int)
          )
        )
      LIMIT ${limit}
    ),
    changed AS (
      SELECT told.*
      FROM told
      JOIN replay_items i ON i.run_id = told.run_id AND i.seq = told.seq AND i.outcome IS DISTINCT FROM told.outcome
      ORDER BY i.run_id, i.seq
      FOR NO KEY UPDATE OF i
    ),
    settled AS (
      UPDATE replay_items i
      SET outcome = changed.outcome, outcome_at = changed.at
      FROM changed
      WHERE i.run_id = changed.run_id AND i.seq = changed.seq
      RETURNING i.run_id, i.failure_id
    ),
    resolved AS (
      UPDATE failures
      SET status = 'resolved'
      FROM settled
      WHERE failures.id = settled.failure_id AND failures.status = 'replaying'
    )
    SELECT DISTINCT run_id
    FROM settled`;
  return rows.map((row) => row.run_id);
}
