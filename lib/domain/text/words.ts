/** Numbers and times as words, for sentences on pages and in messages. */

const UNITS: readonly [ms: number, name: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

/** `18 min`, `2 h 5 min`, `40 s`: the largest unit, with the next one for hours and days; never negative. */
export function durationWords(ms: number): string {
  const first = UNITS.findIndex(([unit]) => ms >= unit);
  const [unit, name] = UNITS[first] ?? [1000, "s"];
  const whole = Math.floor(Math.max(0, ms) / unit);
  const next = UNITS[first + 1];
  const rest = first < 0 || first > 1 || next === undefined ? 0 : Math.floor((ms - whole * unit) / next[0]);
  return `${whole} ${name}${rest > 0 && next !== undefined ? ` ${rest} ${next[1]}` : ""}`;
}

/** `4,212`. */
export const countWords = (value: bigint | number): string => value.toLocaleString("en-US");

/** `35`, `4.3`: a rate per second, with one decimal below ten. */
export const rateWords = (value: number): string =>
  value >= 10 ? Math.round(value).toLocaleString("en-US") : String(Math.round(value * 10) / 10);

/** `1 event waits`, `4,212 events wait`. */
export const waitingWords = (lagMessages: bigint): string =>
  `${countWords(lagMessages)} ${lagMessages === 1n ? "event waits" : "events wait"}`;

/** `orders[3]`. */
export const partitionWords = (at: { readonly topic: string; readonly partition: number }): string =>
  `${at.topic}[${at.partition}]`;

/** `3 partitions`, `1 partition`. */
export const partitionsWords = (count: number): string =>
  `${countWords(count)} ${count === 1 ? "partition" : "partitions"}`;

/** `2026-11-21 02:41:07 UTC`. */
export const timeWords = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** `once`, `3 times`. */
export const timesWords = (count: number): string => (count === 1 ? "once" : `${countWords(count)} times`);

export const pluralWords = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
