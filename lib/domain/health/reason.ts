import { isStuck, VERDICTS, type Verdict } from "./verdict.ts";
import { countWords, durationWords, partitionWords, rateWords, waitingWords } from "../text/words.ts";

export interface ReasonPartition {
  readonly topic: string;
  readonly partition: number;
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

/** What is wrong with a group, in one sentence without a full stop; null when nothing is. */
export function reasonOf(facts: ReasonFacts): string | null {
  const worst = facts.partitions
    .filter((partition) => partition.verdict === facts.verdict)
    .sort(
      (a, b) =>
        VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict) ||
        (b.lagMessages > a.lagMessages ? 1 : b.lagMessages < a.lagMessages ? -1 : a.partition - b.partition),
    );
  const [head] = worst;
  if (head === undefined) return null;
  const where = partitionWords(head);
  const others =
    worst.length > 1
      ? `, nor ${worst.length === 2 ? "has one other partition" : `have ${worst.length - 1} other partitions`}`
      : "";
  const still = head.movedAtMs === null ? null : durationWords(facts.nowMs - head.movedAtMs);
  const waiting = waitingWords(head.lagMessages);

  if (isStuck(facts.verdict) && facts.memberCount === 0 && facts.state === "empty") {
    return `${facts.group} has no members; ${waitingWords(facts.lagMessages)}${facts.timeLagMs === null ? "" : `, the oldest for ${durationWords(facts.timeLagMs)}`}`;
  }
  switch (facts.verdict) {
    case "stopped":
      return still === null ? `${where} has not moved; ${waiting}` : `${where} has not moved for ${still}${others}`;
    case "stalled":
      return `${where} commits offset ${countWords(head.committedOffset)} again and again${still === null ? "" : ` for ${still}`}; ${waiting}`;
    case "rewound":
      return `${where} went back to offset ${countWords(head.committedOffset)} and has not caught up; ${waiting}`;
    case "warning":
      if (facts.inRate > facts.outRate)
        return `${facts.group} falls behind: ${rateWords(facts.inRate)}/s in, ${rateWords(facts.outRate)}/s out`;
      return `${where} does not catch up: ${waiting}`;
    default:
      return null;
  }
}
