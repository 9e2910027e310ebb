import type { Finding } from "../../cause.ts";
import type { GroupSituation } from "../situation.ts";
import { countWords, durationWords, partitionWords, timeWords } from "../../../text/words.ts";

/** No shorter transaction is held against anybody. */
const OPEN_MS = 30_000;

/**
 * A transaction that does not end keeps the last stable offset where it is: who reads committed events only cannot pass
 * it, whatever comes behind it. data: producerId, transactionalId, startedAt, lastStableOffset, partitions.
 */
export function openTransaction(situation: GroupSituation): Finding | null {
  const { nowMs, group } = situation;
  const pinned = situation.partitions.flatMap((at) =>
    at.waitsForTransaction && at.pinned !== null && nowMs - at.pinned.sinceMs >= OPEN_MS ? [{ at, by: at.pinned }] : [],
  );
  pinned.sort((a, b) => (b.at.lagMessages > a.at.lagMessages ? 1 : -1));
  const [worst] = pinned;
  if (worst === undefined) return null;
  const { at, by } = worst;
  const since = by.startedAtMs ?? by.sinceMs;
  const behind = pinned.reduce((sum, { at: one }) => sum + (one.endOffset - one.lastStableOffset), 0n);
  const whose =
    by.transactionalId !== null
      ? `transaction ${by.transactionalId}`
      : by.producerId !== null
        ? `a transaction of producer ${by.producerId}`
        : "an open transaction";
  return {
    cause: "open_transaction",
    sinceMs: since,
    at: { topic: at.topic, partition: at.partition, offset: String(at.lastStableOffset) },
    sentence: `${group} cannot pass offset ${countWords(at.lastStableOffset)} of ${partitionWords(at)}: ${whose} has been open for ${durationWords(nowMs - since)}; ${countWords(behind)} offsets lie behind it`,
    facts: [
      ...(by.transactionalId === null ? [] : [{ label: "Transactional id", value: by.transactionalId }]),
      ...(by.producerId === null ? [] : [{ label: "Producer id", value: by.producerId }]),
      { label: "Open since", value: timeWords(since) },
      {
        label: "Last stable offset",
        value: `${countWords(at.lastStableOffset)}, the log ends at ${countWords(at.endOffset)}`,
      },
      ...(pinned.length > 1
        ? [
            {
              label: "Partitions",
              value: pinned
                .slice(0, 10)
                .map((one) => partitionWords(one.at))
                .join(", "),
            },
          ]
        : []),
    ],
    data: {
      producerId: by.producerId,
      transactionalId: by.transactionalId,
      startedAt: new Date(since).toISOString(),
      lastStableOffset: String(at.lastStableOffset),
      partitions: pinned.slice(0, 100).map((one) => partitionWords(one.at)),
    },
  };
}
