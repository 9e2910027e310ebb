/** What one pass over a work list did. */
export interface Pass {
  readonly changed: boolean;
  /** there is more that is ripe */
  readonly isFull: boolean;
}

/** So long after it was stored, what belongs to the same moment in other partitions is stored too. */
export const RIPE_AFTER_MS = 1000;
export const BUCKET_MS = 10_000;
export const bucketOf = (timeMs: number): number => Math.floor(timeMs / BUCKET_MS) * BUCKET_MS;
