import type { DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import type { OffsetsRow, StalledTransaction } from "#lib/store/destinations/offsets-write.ts";
import type { TopicSettingsRow } from "#lib/store/destinations/topic-settings-read.ts";
import type { StoredCommit } from "#lib/store/groups/commits-read.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import type { PartitionStateRow } from "#lib/store/groups/states-read.ts";
import type { EvaluatedPartition } from "./evaluate/evaluated-partition.ts";
import { PartitionEvaluator } from "./evaluate/partition-evaluator.ts";
import { applyCommits } from "./state/commit-reader.ts";
import type { FoundHeads, WantedHead } from "./state/head-finder.ts";
import { applyHeads, wantedHeads } from "./state/heads.ts";
import type { PartitionJump } from "./state/jumps.ts";
import { LogEnds } from "./state/log-ends.ts";
import { PartitionStates } from "./state/partition-states.ts";
import { settingsIn } from "./state/topic-settings.ts";

export const GROUP = 7;
export const ORDERS = 3;
const TOPIC_OF = new Map([[ORDERS, "orders"]]);
const DESTINATION_OF = new Map([["orders", ORDERS]]);

/** The topic `orders`, of which one partition may have no leader. */
export const topics = (count: number, leaderless = -1): DestinationInfo[] => [
  {
    name: "orders",
    id: null,
    isReadable: true,
    replication: 1,
    partitions: Array.from({ length: count }, (_, partition) => ({
      partition,
      leader: partition === leaderless ? null : 1,
      replicas: 1,
      inSync: 1,
      offlineReplicas: 0,
    })),
  },
];

export const row = (partition: number, committed: number | null, atMs: number): PartitionStateRow => ({
  groupId: GROUP,
  destinationId: ORDERS,
  partition,
  committedOffset: committed === null ? null : BigInt(committed),
  committedAtMs: committed === null ? null : atMs,
  movedAtMs: committed === null ? null : atMs,
  memberId: "m-1",
});

export const log = (
  partition: number,
  end: number,
  over: { start?: number; stable?: number; heldByTransaction?: StalledTransaction } = {},
): OffsetsRow => ({
  destinationId: ORDERS,
  partition,
  logStartOffset: BigInt(over.start ?? 0),
  endOffset: BigInt(end),
  lastStableOffset: BigInt(over.stable ?? end),
  leader: 1,
  sizeBytes: 1000n,
  heldByTransaction: over.heldByTransaction ?? null,
});

/** One group on one topic, cycle by cycle, without a broker and without a database. */
export class PartitionWorld {
  readonly states = new PartitionStates();
  readonly ends = new LogEnds();
  readonly #evaluator = new PartitionEvaluator(this.states, this.ends, 0n);
  settings: ReadonlyMap<number, TopicSettingsRow> = new Map();
  nowMs = 0;

  cycle(rows: readonly PartitionStateRow[], logs: readonly OffsetsRow[], stepMs = 5000): PartitionEvaluation[] {
    this.nowMs += stepMs;
    this.read(rows);
    this.poll(logs);
    for (const at of rows)
      if (at.committedOffset !== null && at.committedAtMs === this.nowMs)
        this.commit([{ ...at, offset: at.committedOffset, atMs: this.nowMs }]);
    return this.evaluate().flatMap(({ evaluation }) => evaluation ?? []);
  }

  read(rows: readonly PartitionStateRow[]): void {
    this.states.beginRead();
    for (const at of rows) this.states.put(at);
    this.states.endRead();
  }

  poll(logs: readonly OffsetsRow[], polled: readonly DestinationInfo[] = topics(4), atMs = this.nowMs): void {
    this.ends.add(logs, polled, DESTINATION_OF, atMs);
  }

  commit(commits: readonly StoredCommit[]): PartitionJump[] {
    return applyCommits(this.states, this.ends, commits);
  }

  evaluate(): EvaluatedPartition[] {
    const groups = this.#evaluator.evaluate(TOPIC_OF, settingsIn(this.settings), this.nowMs);
    return [...groups].flatMap(([, partitions]) => partitions);
  }

  wanted(rows: readonly PartitionStateRow[]): WantedHead[] {
    this.read(rows);
    const options = { topicOf: TOPIC_OF, settingsOf: settingsIn(this.settings), nowMs: this.nowMs, limit: 10 };
    return wantedHeads(this.states, this.ends, options);
  }

  find(found: Partial<FoundHeads>): void {
    applyHeads(this.states, this.ends, { heads: [], empty: [], ...found });
  }

  /** The record at the committed offset, or at another one behind it, was written then. */
  findHead(
    partition: number,
    committed: number,
    atMs: number,
    over: { offset?: number; last?: readonly [offset: number, atMs: number]; readAtMs?: number } = {},
  ): void {
    const samples = [
      { offset: BigInt(over.offset ?? committed), atMs },
      ...(over.last ? [{ offset: BigInt(over.last[0]), atMs: over.last[1] }] : []),
    ];
    const committedOffset = BigInt(committed);
    const head = { committedOffset, samples, readAtMs: over.readAtMs ?? null };
    this.find({ heads: [{ destinationId: ORDERS, partition, committedOffset, head }] });
  }
}
