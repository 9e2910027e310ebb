/** What is known of chosen events and their groups that speaks against sending them. */
import type { RedriveItem } from "#lib/domain/replay/redrive.ts";
import type { EventToReplay } from "#lib/domain/replay/event-to-replay.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";

export interface FailedIn {
  readonly group: string;
  readonly failedLast: Date;
  readonly watchedSince: Date | null;
  readonly deployedAt: Date | null;
}

const MOST_GROUPS = 20;

/** The groups these failed in, most failures first. */
export async function readFailedIn(prisma: PrismaClient, failureIds: readonly bigint[]): Promise<FailedIn[]> {
  if (failureIds.length === 0) return [];
  return prisma.$queryRaw<FailedIn[]>`
    SELECT told.group_name AS "group", told.failed_last AS "failedLast", g.first_seen_at AS "watchedSince",
      (
        SELECT max(m.at)
        FROM group_events m
        WHERE m.group_id = g.id AND m.kind = 'deploy'
      ) AS "deployedAt"
    FROM (
      SELECT f.cluster_id, f.group_name, max(f.failed_at) AS failed_last, count(*) AS events
      FROM failures f
      WHERE f.id = ANY(${[...failureIds]}::bigint[]) AND f.group_name IS NOT NULL
      GROUP BY 1, 2
      ORDER BY 4 DESC
      LIMIT ${MOST_GROUPS}
    ) told
    LEFT JOIN consumer_groups g ON g.cluster_id = told.cluster_id
      AND g.name = told.group_name
      AND g.gone_at IS NULL
    ORDER BY told.events DESC, told.group_name`;
}

const MOST_RUNS = 20;

/** Runs that have sent failures of these, or have them in hand. */
export async function readRunsOf(
  prisma: PrismaClient,
  chosen: readonly EventToReplay[],
): Promise<{ run: number; items: number }[]> {
  const ids = chosen.flatMap(({ failureId, status, inAnotherRun }) =>
    failureId !== null && (status !== "open" || inAnotherRun) ? [failureId] : [],
  );
  if (ids.length === 0) return [];
  return prisma.$queryRaw<{ run: number; items: number }[]>`
    SELECT i.run_id AS run, count(*)::int AS items
    FROM replay_items i
    JOIN replay_runs r ON r.id = i.run_id
    WHERE i.failure_id = ANY(${ids}::bigint[])
      AND (i.status = 'sent' OR (i.status IN ('pending', 'sending') AND r.status IN ('queued', 'running', 'paused')))
    GROUP BY 1
    ORDER BY 1 DESC
    LIMIT ${MOST_RUNS}`;
}

/** Runs that have sent events as they were published, which are to be sent once more. */
export async function readRunsOfEvents(
  prisma: PrismaClient,
  items: readonly RedriveItem[],
): Promise<{ run: number; items: number }[]> {
  const plain = items.flatMap(({ event }) => (event.isDeadLetter ? [] : [event]));
  if (plain.length === 0) return [];
  return prisma.$queryRaw<{ run: number; items: number }[]>`
    SELECT i.run_id AS run, count(*)::int AS items
    FROM unnest(
      ${plain.map(({ sourceTopic }) => sourceTopic)}::text[],
      ${plain.map(({ sourcePartition }) => sourcePartition)}::int[],
      ${plain.map(({ sourceOffset }) => String(sourceOffset))}::bigint[]
    ) AS at(topic, partition, position)
    JOIN replay_items i ON i.source_topic = at.topic
      AND i.source_partition = at.partition
      AND i.source_offset = at.position
      AND i.status = 'sent'
    JOIN replay_runs r ON r.id = i.run_id
      AND r.kind = 'redrive'
      AND r.plan #>> '{preview,to,how}' IS DISTINCT FROM 'sandbox'
    GROUP BY 1
    ORDER BY 1 DESC
    LIMIT ${MOST_RUNS}`;
}
