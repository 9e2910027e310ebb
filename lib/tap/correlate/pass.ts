/** What one pass over a work list did. */
export interface Pass {
  readonly changed: boolean;
  /** more rows are old enough to be processed */
  readonly isFull: boolean;
}

/** This long after an event was stored, the events of the same moment in other partitions are stored too. */
export const RIPE_AFTER_MS = 1000;
/** The same while the partitions of a killed tap wait for another, and until the groups of a cluster are known. */
export const RIPE_WHILE_WAITING_MS = 15_000;
export const BUCKET_MS = 10_000;
export const bucketOf = (timeMs: number): number => Math.floor(timeMs / BUCKET_MS) * BUCKET_MS;
