import { CAUSE_TITLES } from "../health/cause.ts";
import type { Verdict } from "../health/verdict.ts";
import { timeWords } from "../text/words.ts";
import type { WatchedCluster, Condition, Watched } from "./rule.ts";

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  unknown: "Unknown",
  ok: "OK",
  warning: "Lagging",
  stopped: "Stopped",
  stalled: "Stuck",
  rewound: "Rewound",
};

const UNITS: readonly [ms: number, name: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

/** A span in its largest unit, with the next where it counts: `18 min`, `2 h 5 min`, `40 s`. */
export function spanInWords(ms: number): string {
  const first = UNITS.findIndex(([unit]) => ms >= unit);
  const [unit, name] = UNITS[first] ?? [1000, "s"];
  const whole = Math.floor(Math.max(0, ms) / unit);
  const next = first === 0 || first === 1 ? UNITS[first + 1] : undefined;
  const rest = next === undefined ? 0 : Math.floor((ms - whole * unit) / next[0]);
  return `${whole} ${name}${rest > 0 && next !== undefined ? ` ${rest} ${next[1]}` : ""}`;
}

const anyOf = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
export const count = (value: bigint | number): string => value.toLocaleString("en-US");
export const rate = (perSecond: number): string =>
  perSecond >= 10 ? count(Math.round(perSecond)) : String(Math.round(perSecond * 10) / 10);

/** What a condition asks for: `time lag above 10 min`. */
export function conditionInWords(when: Condition): string {
  switch (when.kind) {
    case "verdict":
      return `verdict ${anyOf(when.verdicts.map((verdict) => VERDICT_WORDS[verdict].toLowerCase()))}`;
    case "cause":
      return `cause ${anyOf(when.causes.map((cause) => CAUSE_TITLES[cause].toLowerCase()))}`;
    case "timeLagAbove":
      return `time lag above ${spanInWords(when.ms)}`;
    case "lagAbove":
      return `lag above ${count(when.messages)}`;
    case "dataLossWithin":
      return `data loss within ${spanInWords(when.ms)}`;
    case "deadLettersPerMinuteAbove":
      return `more than ${count(when.events)} dead letters a minute`;
    case "clusterUnreachable":
      return "cluster not reachable";
  }
}

/** A few words for a title: what the rule found. */
export function findingInWords(when: Condition, watched: Watched): string {
  if (watched.about === "cluster" || when.kind === "clusterUnreachable") return "Not reachable";
  switch (when.kind) {
    case "verdict":
    case "cause":
      return watched.finding === null ? VERDICT_WORDS[watched.verdict] : CAUSE_TITLES[watched.finding.cause];
    case "timeLagAbove":
      return `${watched.timeLagIsFloor ? "at least " : ""}${spanInWords(watched.timeLagMs ?? 0)} behind`;
    case "lagAbove":
      return `${count(watched.lagMessages)} events behind`;
    case "dataLossWithin":
      return (watched.dataLossSeconds ?? 0) <= 0
        ? "Losing data"
        : `Data loss in ${spanInWords((watched.dataLossSeconds ?? 0) * 1000)}`;
    case "deadLettersPerMinuteAbove":
      return `${count(Math.round(watched.deadLettersPerMinute))} dead letters a minute`;
  }
}

/** One sentence without a full stop: why, in the words of the evaluation, and the figure that the rule is about. */
export function sentenceOf(when: Condition, watched: Watched): string {
  if (watched.about === "cluster") return reachInWords(watched);
  const why = watched.finding?.sentence ?? watched.reason;
  if (when.kind === "verdict" || when.kind === "cause" || when.kind === "clusterUnreachable")
    return why ?? `${watched.group} is ${VERDICT_WORDS[watched.verdict].toLowerCase()}`;
  const found = findingInWords(when, watched);
  const figure = `${found.charAt(0).toUpperCase()}${found.slice(1)} (limit: ${limitOf(when)})`;
  return why === null ? figure : `${figure}. ${why}`;
}

function reachInWords({ cluster, isRefused, reason, polledAtMs }: WatchedCluster): string {
  if (isRefused) return `${cluster} does not answer${reason === null ? "" : `: ${reason}`}`;
  const since = polledAtMs === null ? "" : ` since ${timeWords(polledAtMs)}`;
  return `${cluster} has not been polled${since}, so nothing is known of its groups`;
}

function limitOf(when: Exclude<Condition, { kind: "verdict" | "cause" | "clusterUnreachable" }>): string {
  switch (when.kind) {
    case "lagAbove":
      return count(when.messages);
    case "deadLettersPerMinuteAbove":
      return count(when.events);
    default:
      return spanInWords(when.ms);
  }
}
