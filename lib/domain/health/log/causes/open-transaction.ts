import { PARTITIONS_LISTED, type FindingOf } from "../../finding.ts";
import type { GroupSituation } from "../situation.ts";
import { partitionWords } from "../../../text/words.ts";

/** A transaction that is open for less than this is normal. */
const OPEN_MS = 30_000;

/**
 * A transaction that does not end keeps the last stable offset where it is: a consumer that reads committed events only
 * cannot pass it, whatever comes behind it.
 */
export function openTransaction(situation: GroupSituation): FindingOf<"open_transaction"> | null {
  const held = situation.partitions.flatMap((at) => {
    const by = at.heldByTransaction;
    return at.waitsForTransaction && by !== null && situation.nowMs - by.sinceMs >= OPEN_MS ? [{ at, by }] : [];
  });
  held.sort((a, b) => (b.at.lagMessages > a.at.lagMessages ? 1 : -1));
  const [worst] = held;
  if (worst === undefined) return null;
  const { at, by } = worst;
  const sinceMs = by.startedAtMs ?? by.sinceMs;
  return {
    cause: "open_transaction",
    sinceMs,
    at: { topic: at.topic, partition: at.partition, offset: String(at.lastStableOffset) },
    data: {
      producerId: by.producerId,
      transactionalId: by.transactionalId,
      startedAt: new Date(sinceMs).toISOString(),
      lastStableOffset: String(at.lastStableOffset),
      endOffset: String(at.endOffset),
      offsetsBehind: String(held.reduce((sum, { at: one }) => sum + (one.endOffset - one.lastStableOffset), 0n)),
      partitions: held.slice(0, PARTITIONS_LISTED).map((one) => partitionWords(one.at)),
    },
  };
}
