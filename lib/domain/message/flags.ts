/** The bits of an indexed event's `flags`: kept small because one stands on every row. */
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
  /** the event tells of an error and is no copy of another (observe.errorEvents) */
  error: 1 << 8,
  /** the record's timestamp was outside what can be stored and was clamped */
  clampedTime: 1 << 9,
} as const;

/** Packs a trace origin and any of EVENT_FLAG into one integer. */
export function packFlags(origin: TraceOrigin, ...flags: number[]): number {
  return flags.reduce((all, flag) => all | flag, TRACE_ORIGINS.indexOf(origin));
}

/** Which header an event's trace id came from. */
export function traceOriginOf(flags: number): TraceOrigin {
  return TRACE_ORIGINS[flags & ORIGIN_BITS] ?? "none";
}

export function hasFlag(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}
