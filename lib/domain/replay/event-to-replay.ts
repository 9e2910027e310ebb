/**
 * What is known of one event when a replay is planned: of a dead letter, or of an event that lies where it was
 * published.
 */
export interface EventToReplay {
  /** the failure whose dead letter it is, or that sending it again would resolve; null: neither */
  readonly failureId: bigint | null;
  readonly isDeadLetter: boolean;
  /** it reports a failure itself, and is no copy of the event that failed */
  readonly isErrorEvent: boolean;
  readonly status: "open" | "replaying" | "resolved";
  /** another run contains it */
  readonly inAnotherRun: boolean;
  /** it is a copy that an earlier replay has sent */
  readonly isCopyOfReplay: boolean;
  readonly cluster: string;
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  /** first offset the source still holds; null: not known */
  readonly sourceLogStart: bigint | null;
  /** its topic was deleted since, and perhaps made anew */
  readonly sourceIsGone: boolean;
  /** the record that was seen there, by its time and size as stored; null: not known */
  readonly seenAtMs: number;
  readonly seenBytes: number | null;
  readonly originalTopic: string | null;
  readonly originalPartition: number | null;
  readonly originalOffset: bigint | null;
  readonly publishedAtMs: number;
  readonly groupName: string | null;
  readonly key: string | null;
}
