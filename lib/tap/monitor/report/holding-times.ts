/** How long a verdict or a cause must hold before it is reported, and be gone before it is withdrawn. */
import type { Cause } from "#lib/domain/health/cause.ts";
import type { Holding } from "#lib/domain/health/hysteresis.ts";

export const VERDICT: Holding = { openAfterMs: 10000, closeAfterMs: 20000, anyName: true };
export const CAUSE: Holding = { openAfterMs: 4000, closeAfterMs: 20000, anyName: false };
/** A consumer that has just finished its other partitions must have time to turn to the one that waits. */
const POISON: Holding = { ...CAUSE, openAfterMs: 12000 };
/** First it must have been possible to tell that the group does not stand still. */
const SLOW: Holding = { ...CAUSE, openAfterMs: 10000 };
/** Causes that are certainly over when they are not found: the log and the broker tell. */
const CERTAIN: Holding = { ...CAUSE, closeAfterMs: 5000 };

export const HOLDING: Partial<Record<Cause, Holding>> = {
  poison_event: POISON,
  hot_partition: SLOW,
  too_slow: SLOW,
  broker_trouble: CERTAIN,
  data_lost: CERTAIN,
  open_transaction: CERTAIN,
  skipped_ahead: CERTAIN,
};
