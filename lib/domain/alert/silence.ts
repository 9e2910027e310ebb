import { topicMatches } from "../text/glob.ts";

/** Holds back the messages of the alerts it matches; the alerts themselves go on. Names are globs. */
export interface Silence {
  readonly id: number;
  readonly rule: string;
  readonly cluster: string;
  readonly group: string;
  readonly untilMs: number;
  readonly endedAtMs: number | null;
}

/** Whether the silence is active at that moment. */
export const isOn = (silence: Silence, nowMs: number): boolean => silence.endedAtMs === null && nowMs < silence.untilMs;

/** The active silence that matches this alert and lasts longest; null: none. */
export function silenceOf(
  alert: { readonly rule: string; readonly cluster: string; readonly group: string },
  silences: readonly Silence[],
  nowMs: number,
): Silence | null {
  let longest: Silence | null = null;
  for (const silence of silences) {
    if (!isOn(silence, nowMs) || (longest !== null && silence.untilMs <= longest.untilMs)) continue;
    if (
      topicMatches(silence.rule, alert.rule) &&
      topicMatches(silence.cluster, alert.cluster) &&
      topicMatches(silence.group, alert.group)
    )
      longest = silence;
  }
  return longest;
}
