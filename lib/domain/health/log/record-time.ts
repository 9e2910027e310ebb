/** Older than this is no record that waits: its time is of another unit, or none at all. */
const MOST_AGE_MS = 20 * 366 * 86_400_000;
const MOST_AHEAD_MS = 86_400_000;
/** Producers also stamp their records in seconds, microseconds and nanoseconds, where Kafka wants milliseconds. */
const UNITS = [1, 1000, 1e-3, 1e-6] as const;

/**
 * When a record was written, by its own time; null: its time says nothing (0, -1, of another age). A time that lies
 * ahead stays as it is: the clock may be wrong.
 */
export function recordTimeMs(atMs: number, nowMs: number): number | null {
  for (const unit of UNITS) {
    const ms = atMs * unit;
    if (ms >= nowMs - MOST_AGE_MS && ms <= nowMs + MOST_AHEAD_MS) return unit === 1 ? atMs : Math.round(ms);
  }
  return atMs > nowMs ? atMs : null;
}
