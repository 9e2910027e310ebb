/** The facts that an alert's message lists below its sentence. */
import { timeWords } from "../text/words.ts";
import type { Watched, WatchedGroup } from "./rule.ts";
import { VERDICT_WORDS, count, spanInWords, rate } from "./words.ts";

export interface Fact {
  readonly label: string;
  readonly value: string;
}

const MOST_FACTS = 10;

/** The figures of an alert, then the evidence of its cause. */

export function factsOf(watched: Watched): Fact[] {
  return watched.about === "group"
    ? factsOfGroup(watched)
    : [{ label: "Last polled", value: watched.polledAtMs === null ? "never" : timeWords(watched.polledAtMs) }];
}

function factsOfGroup(watched: WatchedGroup): Fact[] {
  const {
    lagMessages,
    timeLagMs,
    timeLagIsFloor,
    inRate,
    outRate,
    dataLossSeconds,
    deadLettersPerMinute,
    members,
    finding,
  } = watched;
  const at = finding?.at ?? null;
  const offset = at === null || at.offset === null ? "" : ` @ ${at.offset}`;
  const facts: (Fact | null)[] = [
    finding === null ? null : { label: "Verdict", value: VERDICT_WORDS[watched.verdict] },
    at === null ? null : { label: "At", value: `${at.topic}[${at.partition}]${offset}` },
    watched.evaluatedAtMs === null ? null : { label: "Lag", value: count(lagMessages) },
    timeLagMs === null
      ? null
      : { label: "Time lag", value: `${timeLagIsFloor ? "at least " : ""}${spanInWords(timeLagMs)}` },
    watched.evaluatedAtMs === null ? null : { label: "In / out", value: `${rate(inRate)}/s / ${rate(outRate)}/s` },
    dataLossSeconds === null ? null : { label: "Data loss in", value: spanInWords(dataLossSeconds * 1000) },
    deadLettersPerMinute > 0
      ? { label: "Dead letters", value: `${count(Math.round(deadLettersPerMinute))} a minute` }
      : null,
    watched.evaluatedAtMs === null ? null : { label: "Members", value: count(members) },
    ...(finding?.facts ?? []),
  ];
  const labels = new Set<string>();
  return facts
    .filter((fact): fact is Fact => fact !== null && !labels.has(fact.label) && labels.add(fact.label) !== undefined)
    .slice(0, MOST_FACTS);
}
