/** The items of a run, and what became of each after it was sent. */
import type { ReplayItemRow } from "#lib/contracts/replays.ts";
import { ITEM_REASON_TEXT } from "#lib/domain/replay/item-reason.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { FAILED_AGAIN, HAS_READER } from "./outcomes.ts";
import { wordOf } from "../db/rows.ts";

export interface ItemRow {
  seq: number;
  failure_id: bigint | null;
  source_topic: string;
  source_partition: number;
  source_offset: bigint;
  target_topic: string;
  target_partition: number | null;
  target_offset: bigint | null;
  key: string | null;
  newer_position: bigint | null;
  edit: unknown;
  status: string;
  reason: string | null;
  detail: string | null;
  sent_at: Date | null;
  outcome_at: Date | null;
  current_outcome: ReplayItemRow["outcome"];
  trace_id: string | null;
  again_fingerprint: string | null;
  again_title: string | null;
  again_same: boolean | null;
}

/**
 * Items with what became of each, as far as that is settled. Until then: waiting, or unknown where no group reads the
 * target that could tell.
 */
export const ITEMS_WITH_OUTCOME = Prisma.sql`
  SELECT i.*, f.trace_id::text, again.fingerprint AS again_fingerprint, again.title AS again_title,
    again.fingerprint = f.fingerprint AS again_same,
    CASE
      WHEN i.status <> 'sent' THEN 'not_sent'
      WHEN i.outcome IS NOT NULL THEN i.outcome
      WHEN ${HAS_READER} THEN 'waiting'
      ELSE 'unknown'
    END AS current_outcome
  FROM replay_items i
  JOIN replay_runs r ON r.id = i.run_id
  LEFT JOIN failures f ON f.id = i.failure_id
  LEFT JOIN destinations d ON d.cluster_id = r.cluster_id AND d.name = i.target_topic
  LEFT JOIN LATERAL (${FAILED_AGAIN}) again ON i.outcome = 'dead_lettered'`;

/** A page of a run's items, in their order. */
export async function readReplayItems(
  prisma: PrismaClient,
  id: number,
  page: { readonly afterSeq: number; readonly limit: number },
): Promise<ReplayItemRow[]> {
  const rows = await prisma.$queryRaw<
    ItemRow[]
  >`${ITEMS_WITH_OUTCOME} WHERE i.run_id = ${id} AND i.seq > ${page.afterSeq} ORDER BY i.seq LIMIT ${page.limit}`;
  return rows.map(itemOf);
}

export function itemOf(row: ItemRow): ReplayItemRow {
  const reason = wordOf("replay_items.reason", row.reason);
  return {
    seq: row.seq,
    failureId: row.failure_id?.toString() ?? null,
    sourceTopic: row.source_topic,
    sourcePartition: row.source_partition,
    sourceOffset: row.source_offset.toString(),
    targetTopic: row.target_topic,
    targetPartition: row.target_partition,
    targetOffset: row.target_offset?.toString() ?? null,
    key: row.key,
    newerOffset: row.newer_position?.toString() ?? null,
    edited: row.edit !== null,
    status: wordOf("replay_items.status", row.status),
    reason,
    detail: reason === null ? row.detail : ITEM_REASON_TEXT[reason],
    sentAt: row.sent_at?.toISOString() ?? null,
    outcome: row.current_outcome,
    outcomeAt: row.outcome_at?.toISOString() ?? null,
    traceId: row.trace_id?.replaceAll("-", "") ?? null,
    again:
      row.again_fingerprint === null
        ? null
        : { fingerprint: row.again_fingerprint, title: row.again_title ?? "", sameCause: row.again_same === true },
  };
}
