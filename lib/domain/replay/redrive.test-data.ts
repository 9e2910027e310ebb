/** Dead letters, published events and rules of a redrive. */
import type { RedriveRules } from "./redrive.ts";
import type { EventToReplay } from "./event-to-replay.ts";

let nextId = 1n;

export const aDeadLetter = (row: Partial<EventToReplay> = {}): EventToReplay => ({
  failureId: nextId++,
  isDeadLetter: true,
  isErrorEvent: false,
  status: "open",
  inAnotherRun: false,
  isCopyOfReplay: false,
  cluster: "demo",
  sourceTopic: "orders-dlt",
  sourcePartition: 0,
  sourceOffset: nextId,
  sourceLogStart: 0n,
  sourceIsGone: false,
  seenAtMs: 0,
  seenBytes: null,
  originalTopic: "orders",
  originalPartition: 2,
  originalOffset: nextId,
  publishedAtMs: 0,
  groupName: "payments",
  key: "k",
  ...row,
});

export const published = (
  topic: string,
  partition: number,
  offset: bigint,
  publishedAtMs: number,
  row: Partial<EventToReplay> = {},
): EventToReplay =>
  aDeadLetter({
    failureId: null,
    isDeadLetter: false,
    sourceTopic: topic,
    sourcePartition: partition,
    sourceOffset: offset,
    originalTopic: topic,
    originalPartition: partition,
    originalOffset: offset,
    publishedAtMs,
    groupName: null,
    ...row,
  });

export const rules = (row: Partial<RedriveRules> = {}): RedriveRules => ({
  targetTopic: null,
  isSandbox: false,
  onlyGroup: null,
  retryTopicOf: () => null,
  partitionsOf: (_cluster, topic) => (topic === "gone" ? null : 6),
  maxItems: 1000,
  ...row,
});
