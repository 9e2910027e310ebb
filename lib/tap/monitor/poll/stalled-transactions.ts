/** Partitions whose last stable offset stands still below the end: since when, and by whose transaction. */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { OpenTransaction, PartitionLogOffsets } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { StalledTransaction } from "#lib/store/destinations/destinations-write.ts";

/** Transactions are open all the time; only those that stay are told of. */
const STANDS_STILL_MS = 10_000;
const ASK_AGAIN_MS = 30_000;
const MOST_ASKED = 500;

interface Stall {
  readonly lastStableOffset: bigint;
  readonly sinceMs: number;
  readonly askedAtMs: number;
  readonly transaction: OpenTransaction | null;
}

export class StalledTransactions {
  #stalls = new Map<string, Stall>();

  /** Takes in what was read; answers the partitions of which the transaction is to be asked. */
  add(offsets: readonly PartitionLogOffsets[], nowMs: number): PartitionLogOffsets[] {
    const next = new Map<string, Stall>();
    const wanted: PartitionLogOffsets[] = [];
    for (const at of offsets) {
      if (at.lastStableOffset >= at.endOffset) continue;
      const before = this.#stalls.get(partitionKey(at));
      const same =
        before?.lastStableOffset === at.lastStableOffset
          ? before
          : { lastStableOffset: at.lastStableOffset, sinceMs: nowMs, askedAtMs: -Infinity, transaction: null };
      next.set(partitionKey(at), same);
      if (
        nowMs - same.sinceMs >= STANDS_STILL_MS &&
        same.transaction === null &&
        nowMs - same.askedAtMs >= ASK_AGAIN_MS &&
        wanted.length < MOST_ASKED
      )
        wanted.push(at);
    }
    this.#stalls = next;
    return wanted;
  }

  setTransactions(asked: readonly PartitionRef[], found: ReadonlyMap<string, OpenTransaction>, nowMs: number): void {
    for (const ref of asked) {
      const standing = this.#stalls.get(partitionKey(ref));
      if (standing !== undefined)
        this.#stalls.set(partitionKey(ref), {
          ...standing,
          askedAtMs: nowMs,
          transaction: found.get(partitionKey(ref)) ?? null,
        });
    }
  }

  of(ref: PartitionRef, nowMs: number): StalledTransaction | null {
    const standing = this.#stalls.get(partitionKey(ref));
    if (standing === undefined || nowMs - standing.sinceMs < STANDS_STILL_MS) return null;
    const { transaction } = standing;
    return {
      sinceMs: standing.sinceMs,
      producerId: transaction?.producerId ?? null,
      producerEpoch: transaction?.producerEpoch ?? null,
      transactionalId: transaction?.transactionalId ?? null,
      startedAtMs: transaction?.startedAtMs ?? null,
    };
  }
}
