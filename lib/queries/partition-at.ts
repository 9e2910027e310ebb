/** One partition of a group at a past moment: lag, time lag and data loss from what is kept. */
import type { GroupRow, MemberRow } from "#lib/contracts/groups.ts";
import { dataLossSeconds } from "#lib/domain/health/log/forecast.ts";
import type { PartitionAt } from "#lib/store/groups/group-at-read.ts";
import type { GroupSnapshot } from "./group-status.ts";

/** A partition with events waiting and no commit for this long shares its group's verdict; any other does not. */
const STILL_MS = 30_000;

export function partitionAt(
  partition: PartitionAt,
  { verdict, cause, evidence }: GroupRow,
  owner: MemberRow | undefined,
  atMs: number,
): GroupSnapshot["partitions"][number] {
  const { destinationId, topic, partition: number, committedOffset, endOffset, committedAt } = partition;
  const lag = lagOf(partition);
  const still = committedAt !== null && atMs - committedAt.getTime() >= STILL_MS;
  const named = cause?.at?.topic === topic && cause.at.partition === number;
  return {
    destinationId,
    topic,
    partition: number,
    committedOffset: committedOffset === null ? null : String(committedOffset),
    endOffset: endOffset === null ? null : String(endOffset),
    logStartOffset: null,
    lastStableOffset: null,
    lagMessages: lag === null ? null : String(lag),
    timeLagMs: timeLagOf(partition, atMs),
    timeLagIsFloor: false,
    inRate: 0,
    outRate: 0,
    catchUpSeconds: null,
    dataLossSeconds: lossOf(partition, atMs),
    lostMessages: "0",
    flag: null,
    verdict: lag === null ? "unknown" : lag === 0n || (!named && !still) ? "ok" : verdict,
    evidence,
    movedAt: committedAt?.toISOString() ?? null,
    memberId: owner?.memberId ?? null,
    clientId: owner?.clientId ?? null,
  };
}

export function lagOf({ committedOffset, endOffset }: PartitionAt): bigint | null {
  if (committedOffset === null || endOffset === null) return null;
  return endOffset > committedOffset ? endOffset - committedOffset : 0n;
}

export function timeLagOf(partition: PartitionAt, atMs: number): number | null {
  if (lagOf(partition) === 0n) return 0;
  return partition.headAt === null ? null : Math.max(0, atMs - partition.headAt.getTime());
}

/** By time only: where the log began then and how large it was is not kept; that it had lost nothing yet is assumed. */
export function lossOf(partition: PartitionAt, atMs: number): number | null {
  const { committedOffset, endOffset, cleanupPolicy } = partition;
  const lagMessages = lagOf(partition);
  if (lagMessages === null || committedOffset === null || endOffset === null) return null;
  const retentionMs = partition.retentionMs !== null && partition.retentionMs >= 0n ? partition.retentionMs : null;
  return dataLossSeconds({
    lagMessages,
    committedOffset,
    logStartOffset: 0n,
    endOffset,
    timeLagMs: timeLagOf(partition, atMs),
    inRate: 0,
    sizeBytes: null,
    retentionMs,
    retentionBytes: null,
    cleanupPolicy,
  });
}
