import { topicMatches } from "../text/glob.ts";

/** Holds back what would be said of alerts it matches; the alerts themselves go on. Globs. */
export interface Silence {
  readonly id: number;
  readonly rule: string;
  readonly cluster: string;
  readonly group: string;
  readonly untilMs: number;
  readonly endedAtMs: number | null;
}

/** Whether it holds anything back at that moment. */
export const isOn = (silence: Silence, nowMs: number): boolean => silence.endedAtMs === null && nowMs < silence.untilMs;

/** The silence that holds this alert back, the one that lasts longest; null: none. */
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
