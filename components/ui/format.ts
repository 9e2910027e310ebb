/** How numbers and times read. Durations are in the unit their name says; `–` stands for what is not known. */
const UNKNOWN = "–";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const compactNumber = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** 4212 → "4,212". Decimal strings of any length stay exact. */
export function count(value: number | bigint | string | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === "string") return /^-?\d+$/.test(value) ? whole.format(BigInt(value)) : UNKNOWN;
  return typeof value === "number" && !Number.isFinite(value) ? UNKNOWN : whole.format(value);
}

/** 48_213 → "48.2K": where room is scarce. */
export function compact(value: number | string | null | undefined): string {
  const number = typeof value === "string" ? Number(value) : value;
  return number === null || number === undefined || !Number.isFinite(number) ? UNKNOWN : compactNumber.format(number);
}

/** Events per second without the unit: 0.4 → "0.4", 41.7 → "42", 0.003 → "<0.01". */
export function rate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined || !Number.isFinite(perSecond)) return UNKNOWN;
  if (perSecond === 0) return "0";
  if (perSecond < 0.01) return "<0.01";
  if (perSecond < 0.1) return perSecond.toFixed(2);
  if (perSecond < 9.95) return perSecond.toFixed(1).replace(/\.0$/, "");
  return perSecond < 10_000 ? whole.format(Math.round(perSecond)) : compactNumber.format(perSecond);
}

/** 41.7 → "42/s". */
export const ratePerSecond = (perSecond: number | null | undefined): string =>
  perSecond === null || perSecond === undefined ? UNKNOWN : `${rate(perSecond)}/s`;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The two largest units that count: 113 → "113 ms", 1_210 → "1.2 s", 1_084_000 → "18 m 04 s", 514_800_000 → "5 d 23 h".
 */
export function durationMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return UNKNOWN;
  if (ms < 0) return `−${durationMs(-ms)}`;
  if (ms < 1) return ms === 0 ? "0 ms" : "<1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < MINUTE - 500) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return pair(Math.round(ms / SECOND), 60, "m", "s");
  if (ms < DAY) return pair(Math.round(ms / MINUTE), 60, "h", "m");
  return pair(Math.round(ms / HOUR), 24, "d", "h");
}
const pair = (small: number, perBig: number, bigUnit: string, smallUnit: string): string => {
  const rest = small % perBig;
  const big = `${Math.floor(small / perBig)} ${bigUnit}`;
  if (rest === 0) return big;
  const digits = smallUnit === "h" ? 1 : 2;
  return `${big} ${String(rest).padStart(digits, "0")} ${smallUnit}`;
};
export const durationSeconds = (seconds: number | null | undefined): string =>
  seconds === null || seconds === undefined ? UNKNOWN : durationMs(seconds * SECOND);

/** One unit, for a sentence: 1_084_000 → "18 min". */
export function roughly(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

const BYTE_UNITS = ["B", "KB", "MB", "GB", "TB"] as const;
/** 412 → "412 B", 5_400_000 → "5.4 MB". */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const step = Math.min(BYTE_UNITS.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** step;
  return `${scaled < 10 && step > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${BYTE_UNITS[step] ?? "B"}`;
}

/** 0.987 → "98.7 %". */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined || !Number.isFinite(share)
    ? UNKNOWN
    : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

export type TimeZoneChoice = "local" | "utc";
const zoneOf = (zone: TimeZoneChoice) => (zone === "utc" ? { timeZone: "UTC" } : {});

/** 14:02:07 */
export const clock = (at: Date | string | number, zone: TimeZoneChoice, withSeconds = true): string =>
  new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(withSeconds && { second: "2-digit" }),
    ...zoneOf(zone),
  }).format(new Date(at));

/** 2026-11-21 14:02:07.113 UTC */
export function absolute(at: Date | string | number, zone: TimeZoneChoice): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  if (zone === "utc") return `${date.toISOString().slice(0, 23).replace("T", " ")} UTC`;
  const part = new Intl.DateTimeFormat("sv-SE", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  return `${part.format(date).replace(",", ".")} local`;
}

/** "2 of 14 groups", "1 group". */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
