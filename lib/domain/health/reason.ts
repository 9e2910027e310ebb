import { isStuck, VERDICTS, type Verdict } from "./verdict.ts";
import type { PartitionRef } from "./finding.ts";

/** What is wrong with a group, as its commits show it; `cause`: a cause was found, and its sentence describes it. */
export const REASON_KINDS = [
  "no_members",
  "not_moving",
  "not_moving_for",
  "repeats_commit",
  "went_back",
  "falls_behind",
  "does_not_catch_up",
  "recovers",
  "cause",
] as const;
export type ReasonKind = (typeof REASON_KINDS)[number];

/** What a reason is told with. Its words are made in words/reason.ts. */
export type Reason =
  | {
      readonly kind: "no_members";
      readonly group: string;
      readonly lagMessages: bigint;
      readonly timeLagMs: number | null;
    }
  /** not since it is watched */
  | { readonly kind: "not_moving"; readonly at: PartitionRef; readonly lagMessages: bigint }
  | {
      readonly kind: "not_moving_for";
      readonly at: PartitionRef;
      readonly stillMs: number;
      /** how many others have not moved either */
      readonly otherPartitions: number;
    }
  | {
      readonly kind: "repeats_commit";
      readonly at: PartitionRef;
      readonly offset: bigint;
      readonly stillMs: number | null;
      readonly lagMessages: bigint;
    }
  | { readonly kind: "went_back"; readonly at: PartitionRef; readonly offset: bigint; readonly lagMessages: bigint }
  /** events per second */
  | { readonly kind: "falls_behind"; readonly group: string; readonly inRate: number; readonly outRate: number }
  | { readonly kind: "does_not_catch_up"; readonly at: PartitionRef; readonly lagMessages: bigint }
  /** a bad verdict is still reported, though what led to it is over */
  | { readonly kind: "recovers"; readonly group: string; readonly lagMessages: bigint };

/** A reason as it is stored: one sentence without a full stop, and what kind of reason it is. */
export interface ReportedReason {
  readonly kind: ReasonKind;
  readonly text: string;
}

export interface ReasonPartition extends PartitionRef {
  readonly verdict: Verdict;
  readonly lagMessages: bigint;
  readonly committedOffset: bigint;
  /** since when the committed offset stands still; null: not known */
  readonly movedAtMs: number | null;
}

export interface ReasonFacts {
  readonly group: string;
  readonly verdict: Verdict;
  readonly memberCount: number;
  readonly state: string;
  readonly inRate: number;
  readonly outRate: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
  readonly partitions: readonly ReasonPartition[];
  readonly nowMs: number;
}

/** Why the group has its verdict; null when nothing is wrong. */
export function reasonOf(facts: ReasonFacts): Reason | null {
  const worst = facts.partitions
    .filter((partition) => partition.verdict === facts.verdict)
    .sort(
      (a, b) =>
        VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict) ||
        (b.lagMessages > a.lagMessages ? 1 : b.lagMessages < a.lagMessages ? -1 : a.partition - b.partition),
    );
  const [head] = worst;
  if (head === undefined) return null;
  const { group, inRate, outRate } = facts;
  const { lagMessages, committedOffset: offset } = head;
  const at: PartitionRef = { topic: head.topic, partition: head.partition };
  const stillMs = head.movedAtMs === null ? null : facts.nowMs - head.movedAtMs;

  if (isStuck(facts.verdict) && facts.memberCount === 0 && facts.state === "empty")
    return { kind: "no_members", group, lagMessages: facts.lagMessages, timeLagMs: facts.timeLagMs };
  switch (facts.verdict) {
    case "stopped":
      if (stillMs === null) return { kind: "not_moving", at, lagMessages };
      return { kind: "not_moving_for", at, stillMs, otherPartitions: worst.length - 1 };
    case "stalled":
      return { kind: "repeats_commit", at, offset, stillMs, lagMessages };
    case "rewound":
      return { kind: "went_back", at, offset, lagMessages };
    case "warning":
      if (inRate > outRate) return { kind: "falls_behind", group, inRate, outRate };
      return { kind: "does_not_catch_up", at, lagMessages };
    default:
      return null;
  }
}
