/** Where an event's trace id came from. The index is stored in the low bits of `flags`, so append only. */
export const TRACE_ORIGINS = [
  "none",
  "w3c",
  "b3",
  "jaeger",
  "datadog",
  "xray",
  "cloudevents",
  "masstransit",
  "conversation",
] as const;
export type TraceOrigin = (typeof TRACE_ORIGINS)[number];

const ORIGIN_BITS = 0b1111;
export const EVENT_FLAG = {
  tombstone: 1 << 4,
  deadLetter: 1 << 5,
  retryHop: 1 << 6,
  replayed: 1 << 7,
  /** declared an error event by the configuration (observe.errorEvents), and no copy of another event */
  error: 1 << 8,
  /** the record's timestamp was outside what can be stored and was clamped */
  clampedTime: 1 << 9,
} as const;

/** Packs a trace origin and any of EVENT_FLAG into one integer. */
export function packFlags(origin: TraceOrigin, ...flags: number[]): number {
  return flags.reduce((all, flag) => all | flag, TRACE_ORIGINS.indexOf(origin));
}

/** Where an event's trace id came from. */
export function traceOriginOf(flags: number): TraceOrigin {
  return TRACE_ORIGINS[flags & ORIGIN_BITS] ?? "none";
}

export function hasFlag(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}
