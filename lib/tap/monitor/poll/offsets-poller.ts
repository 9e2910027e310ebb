import type pg from "pg";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { PartitionInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { markLeaderless, type OffsetsRow } from "#lib/store/destinations/offsets-write.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { ifAllowed } from "./if-allowed.ts";
import { isInternalTopic, type Polled } from "./polled.ts";
import { StalledTransactions } from "./stalled-transactions.ts";
import type { LogSizes } from "./topic-details.ts";

/** Polls where the logs begin and end, and what holds their last stable offsets. */
export class OffsetsPoller {
  readonly #inspector: LogInspector;
  readonly #client: pg.Client;
  readonly #sizes: LogSizes;
  readonly #log: Logger;
  readonly #stalled = new StalledTransactions();

  constructor(inspector: LogInspector, client: pg.Client, sizes: LogSizes, log: Logger) {
    this.#inspector = inspector;
    this.#client = client;
    this.#sizes = sizes;
    this.#log = log;
  }

  /** Of every partition that has a leader. */
  async poll({ topics, destinationOf }: Pick<Polled, "topics" | "destinationOf">): Promise<OffsetsRow[]> {
    const wanted = topics
      .filter(({ name }) => !isInternalTopic(name) && destinationOf.has(name))
      .flatMap(({ name, partitions }) =>
        partitions.map((at): PartitionRef & PartitionInfo => ({ ...at, topic: name })),
      );
    const leaders = new Map(wanted.map((ref) => [partitionKey(ref), ref.leader]));
    const idOf = (ref: PartitionRef) => destinationOf.get(ref.topic) ?? 0;
    const offsets = await this.#inspector.logOffsets(wanted.filter((ref) => ref.leader !== null));
    const nowMs = Date.now();
    const toAsk = this.#stalled.add(offsets, nowMs);
    if (toAsk.length > 0)
      await ifAllowed(this.#log, "open transactions", async () =>
        this.#stalled.setTransactions(toAsk, await this.#inspector.openTransactions(toAsk), nowMs),
      );
    const leaderless = wanted.filter((ref) => ref.leader === null);
    await markLeaderless(
      this.#client,
      leaderless.map((ref) => ({ destinationId: idOf(ref), partition: ref.partition })),
    );
    return offsets.map((at) => ({
      destinationId: idOf(at),
      partition: at.partition,
      logStartOffset: at.logStartOffset,
      endOffset: at.endOffset,
      lastStableOffset: at.lastStableOffset,
      leader: leaders.get(partitionKey(at)) ?? null,
      sizeBytes: this.#sizes.of(at),
      heldByTransaction: this.#stalled.of(at, nowMs),
    }));
  }
}
