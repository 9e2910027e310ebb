/** Partitions whose last stable offset stays below the end and does not move: since when, and by which transaction. */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { OpenTransaction, PartitionLogOffsets } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { StalledTransaction } from "#lib/store/destinations/offsets-write.ts";

/** Transactions are open all the time; only those that stay open are reported. */
const STALLED_AFTER_MS = 10_000;
const ASK_AGAIN_MS = 30_000;
const MAX_ASKED = 500;

interface Stall {
  readonly lastStableOffset: bigint;
  readonly sinceMs: number;
  readonly askedAtMs: number;
  readonly transaction: OpenTransaction | null;
}

export class StalledTransactions {
  #stalls = new Map<string, Stall>();

  /** Takes in the offsets of one poll. Answers the partitions whose open transaction the broker is to be asked for. */
  add(offsets: readonly PartitionLogOffsets[], nowMs: number): PartitionLogOffsets[] {
    const next = new Map<string, Stall>();
    const toAsk: PartitionLogOffsets[] = [];
    for (const at of offsets) {
      if (at.lastStableOffset >= at.endOffset) continue;
      const before = this.#stalls.get(partitionKey(at));
      const stall =
        before?.lastStableOffset === at.lastStableOffset
          ? before
          : { lastStableOffset: at.lastStableOffset, sinceMs: nowMs, askedAtMs: -Infinity, transaction: null };
      next.set(partitionKey(at), stall);
      if (
        nowMs - stall.sinceMs >= STALLED_AFTER_MS &&
        stall.transaction === null &&
        nowMs - stall.askedAtMs >= ASK_AGAIN_MS &&
        toAsk.length < MAX_ASKED
      )
        toAsk.push(at);
    }
    this.#stalls = next;
    return toAsk;
  }

  /** What the broker answered of the partitions asked for; one that is not in `found` is asked for again later. */
  setTransactions(asked: readonly PartitionRef[], found: ReadonlyMap<string, OpenTransaction>, nowMs: number): void {
    for (const ref of asked) {
      const key = partitionKey(ref);
      const stall = this.#stalls.get(key);
      if (stall !== undefined)
        this.#stalls.set(key, { ...stall, askedAtMs: nowMs, transaction: found.get(key) ?? null });
    }
  }

  /** Null: nothing holds this partition, or not for long enough. */
  of(ref: PartitionRef, nowMs: number): StalledTransaction | null {
    const stall = this.#stalls.get(partitionKey(ref));
    if (stall === undefined || nowMs - stall.sinceMs < STALLED_AFTER_MS) return null;
    const { sinceMs, transaction } = stall;
    return {
      sinceMs,
      producerId: transaction?.producerId ?? null,
      producerEpoch: transaction?.producerEpoch ?? null,
      transactionalId: transaction?.transactionalId ?? null,
      startedAtMs: transaction?.startedAtMs ?? null,
    };
  }
}
