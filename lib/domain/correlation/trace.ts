/** What is known of the events of one trace, and what is concluded from it. */

export interface TraceEvent {
  /** unlike any other event's, and the same for the same event */
  readonly id: string;
  readonly destinationId: number;
  readonly occurredAtMs: number;
  /** the service that published it; null: not known */
  readonly serviceId: number | null;
  /** the group whose process published it, where its producer tells */
  readonly publisherGroupId?: number | undefined;
  readonly typeId: number | null;
  /** the record's key, or what stands for it */
  readonly key?: string | bigint | null;
  /** the trace id in its headers; null: none, its conversation brought it here; undefined: that of all the others */
  readonly ownTrace?: string | null;
  readonly spanId: bigint | null;
  readonly parentSpanId: bigint | null;
  readonly messageRef: bigint | null;
  readonly causeRef: bigint | null;
  /** a dead letter, retry or replay: its headers are those of another event, its service may be another's */
  readonly isCopy?: boolean;
  /** which event it is a copy of, when it says so */
  readonly copyOf?: string | undefined;
  /** for a dead letter: the group that gave up on it */
  readonly failedGroupId?: number | undefined;
}

/** A group that reads a destination, and the service it belongs to. */
export interface GroupSubscription {
  readonly groupId: number;
  readonly destinationId: number;
  readonly serviceId: number | null;
  /** only the group's own process writes there, as Kafka Streams does to its repartition topics */
  readonly isOwn?: boolean;
}

export interface Cause {
  readonly fromId: string;
  readonly toId: string;
  /** the group that consumed the one and published the other; null: not known */
  readonly groupId: number | null;
  readonly knownBy: "declared" | "inferred";
  /** 0–1 */
  readonly confidence: number;
  readonly latencyMs: number;
}

/** From one kind of event to another through a group: what is counted to learn which causes are usual. */
export interface CauseKind {
  readonly fromDestinationId: number;
  readonly fromTypeId: number | null;
  readonly groupId: number | null;
  readonly toDestinationId: number;
  readonly toTypeId: number | null;
}

export const kindOf = (from: TraceEvent, to: TraceEvent, groupId: number | null): CauseKind => ({
  fromDestinationId: from.destinationId,
  fromTypeId: from.typeId,
  groupId,
  toDestinationId: to.destinationId,
  toTypeId: to.typeId,
});
