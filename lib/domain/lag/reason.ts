import { isStuck, VERDICTS, type Verdict } from "./verdict.ts";

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
  const worst = facts.partitions.filter((partition) => partition.verdict === facts.verdict).sort((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict) || (b.lagMessages > a.lagMessages ? 1 : b.lagMessages < a.lagMessages ? -1 : a.partition - b.partition));
  const [head] = worst;
  if (head === undefined) return null;
  const where = `${head.topic}[${head.partition}]`;
  const others = worst.length > 1 ? `, nor ${worst.length === 2 ? "has one other partition" : `have ${worst.length - 1} other partitions`}` : "";
  const still = head.movedAtMs === null ? null : duration(facts.nowMs - head.movedAtMs);
  const waiting = `${count(head.lagMessages)} ${head.lagMessages === 1n ? "event waits" : "events wait"}`;

  if (isStuck(facts.verdict) && facts.memberCount === 0 && facts.state === "empty") {
    return `${facts.group} has no members; ${count(facts.lagMessages)} ${facts.lagMessages === 1n ? "event waits" : "events wait"}${facts.timeLagMs === null ? "" : `, the oldest for ${duration(facts.timeLagMs)}`}`;
  }
  switch (facts.verdict) {
    case "stopped":
      return still === null ? `${where} has not moved; ${waiting}` : `${where} has not moved for ${still}${others}`;
    case "stalled":
      return `${where} commits offset ${count(head.committedOffset)} again and again${still === null ? "" : ` for ${still}`}; ${waiting}`;
    case "rewound":
      return `${where} went back to offset ${count(head.committedOffset)} and has not caught up; ${waiting}`;
    case "warning":
      if (facts.inRate > facts.outRate) return `${facts.group} falls behind: ${rate(facts.inRate)}/s in, ${rate(facts.outRate)}/s out`;
      return `${where} does not catch up: ${waiting}`;
    default:
      return null;
  }
}

const UNITS: readonly [ms: number, name: string][] = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "min"], [1000, "s"]];

/** `18 min`, `2 h 5 min`, `40 s`: the two largest units that matter. */
function duration(ms: number): string {
  const first = UNITS.findIndex(([unit]) => ms >= unit);
  const [unit, name] = UNITS[first] ?? [1000, "s"];
  const whole = Math.floor(Math.max(0, ms) / unit);
  const next = UNITS[first + 1];
  const rest = first < 0 || first > 1 || next === undefined ? 0 : Math.floor((ms - whole * unit) / next[0]);
  return `${whole} ${name}${rest > 0 && next !== undefined ? ` ${rest} ${next[1]}` : ""}`;
}

const count = (value: bigint) => value.toLocaleString("en-US");
const rate = (value: number) => (value >= 10 ? Math.round(value).toLocaleString("en-US") : String(Math.round(value * 10) / 10));
