/** The partitions of a group at a moment, from its commits and the flushes of its topics. */
import type { PrismaClient } from "../db/database.ts";

export interface PartitionAt {
  readonly destinationId: number;
  readonly topic: string;
  readonly tapped: boolean;
  readonly retentionMs: bigint | null;
  readonly cleanupPolicy: string | null;
  readonly partition: number;
  /** null: no commit before the moment is kept */
  readonly committedOffset: bigint | null;
  /**
   * when that was committed; a partition that committed nothing since keeps its committed offset: then the
   * last time it moved
   */
  readonly committedAt: Date | null;
  readonly endOffset: bigint | null;
  /**
   * when the first waiting event was written, between the ends of the flush that holds it; null: nothing
   * waits, or not kept
   */
  readonly headAt: Date | null;
}

const MOST_PARTITIONS = 2000;

/**
 * What the group had committed on each partition that it reads today: today's offset if that has not moved since, else
 * the last commit before the moment. The log end of then is where the first flush after the moment begins, or, without
 * such a flush, where the log ends now.
 */
export function readPartitionsAt(prisma: PrismaClient, groupId: number, at: Date): Promise<PartitionAt[]> {
  return prisma.$queryRaw`
    SELECT p.destination_id AS "destinationId", d.name AS topic, d.tapped, d.retention_ms AS "retentionMs",
      d.cleanup_policy AS "cleanupPolicy", p.partition, last_commit.offset AS "committedOffset",
      last_commit.at AS "committedAt", log_end.offset AS "endOffset",
      CASE
        WHEN last_commit.offset < log_end.offset THEN (
          SELECT CASE
            WHEN b.last_position > b.first_position AND last_commit.offset > b.first_position
              THEN b.first_occurred_at + (b.last_occurred_at - b.first_occurred_at) * (
                (last_commit.offset - b.first_position)::float8 / (b.last_position - b.first_position)
              )
            ELSE b.first_occurred_at
          END
          FROM event_batches b
          WHERE b.destination_id = p.destination_id
            AND b.partition = p.partition
            AND b.last_position >= last_commit.offset
            AND b.stored_at <= ${at}
          ORDER BY b.last_position
          LIMIT 1
        )
      END AS "headAt"
    FROM group_partitions p
    JOIN destinations d ON d.id = p.destination_id
    LEFT JOIN partition_offsets o ON o.destination_id = p.destination_id AND o.partition = p.partition
    LEFT JOIN LATERAL (
      SELECT p.committed_offset AS offset, coalesce(p.moved_at, p.committed_at) AS at
      WHERE coalesce(p.moved_at, p.committed_at) <= ${at}
      UNION ALL (
        SELECT k.committed_offset, k.committed_at
        FROM group_commits k
        WHERE k.group_id = p.group_id
          AND k.destination_id = p.destination_id
          AND k.partition = p.partition
          AND k.committed_at <= ${at}
          AND k.stored_at <= ${at}::timestamptz + interval '1 minute'
          AND NOT coalesce(coalesce(p.moved_at, p.committed_at) <= ${at}, false)
        ORDER BY k.committed_at DESC
        LIMIT 1
      )
      LIMIT 1
    ) last_commit ON true
    LEFT JOIN LATERAL (
      SELECT CASE
        WHEN d.tapped THEN coalesce(
          (
            SELECT b.first_position
            FROM event_batches b
            WHERE b.destination_id = p.destination_id
              AND b.partition = p.partition
              AND b.stored_at > ${at}
              AND b.last_position >= coalesce(last_commit.offset, 0)
            ORDER BY b.last_position
            LIMIT 1
          ),
          o.end_offset
        )
      END AS offset
    ) log_end ON true
    WHERE p.group_id = ${groupId}
    ORDER BY d.name, p.partition
    LIMIT ${MOST_PARTITIONS}`;
}
