/** What is known of the producers of all clusters, for proposing publishers. */
import type { PrismaClient } from "../db/database.ts";

export interface ProducerColumns {
  readonly cluster: string;
  /** -1: all that the broker gave no id */
  readonly producerId: bigint;
  readonly service: string | null;
  readonly group: string | null;
  readonly groupService: string | null;
  readonly isGroupExact: boolean;
  readonly topic: string;
  readonly records: bigint;
  readonly namedRecords: bigint;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** The rows of producers and what they wrote, the most recent first. Topics that no longer exist are left out. */
export function readProducerFacts(prisma: PrismaClient, limit: number): Promise<ProducerColumns[]> {
  return prisma.$queryRaw`
    SELECT c.name AS cluster, w.producer_id AS "producerId", s.name AS service, g.name AS "group",
      gs.name AS "groupService", p.group_id IS NOT NULL AS "isGroupExact", d.name AS topic,
      w.records, w.named_records AS "namedRecords", w.first_at AS "firstAt", w.last_at AS "lastAt"
    FROM (
      SELECT *
      FROM producer_destinations
      ORDER BY last_at DESC
      LIMIT ${limit}
    ) w
    JOIN clusters c ON c.id = w.cluster_id
    JOIN destinations d ON d.id = w.destination_id
      AND d.gone_at IS NULL
      AND d.generation_of IS NULL
      AND d.role IN ('event', 'retry', 'dead_letter')
    LEFT JOIN producers p ON p.cluster_id = w.cluster_id AND p.producer_id = w.producer_id
    LEFT JOIN services s ON s.id = p.service_id AND NOT p.service_conflict
    LEFT JOIN consumer_groups g ON g.id = coalesce(p.group_id, p.usual_group_id) AND NOT p.group_conflict
    LEFT JOIN services gs ON gs.id = g.service_id
    ORDER BY w.last_at DESC`;
}
