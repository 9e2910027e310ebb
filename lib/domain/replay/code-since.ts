/**
 * Whether a group still runs the code that failed. Kafka does not know which version a group runs, so this is derived
 * from the deploys that Flowtap has seen.
 */

export interface DeploysSeen {
  /** the last one; null: none was seen */
  readonly deployedAtMs: number | null;
  /** since when the group is watched; null: it is not known */
  readonly watchedSinceMs: number | null;
}

/** A deploy is seen once most members are replaced; its first member may have been running for this long by then. */
const SEEN_LATE_MS = 120_000;

/**
 * `same`: no deploy was seen since the last failure, so that it may well fail again. `unknown`: nobody watched, or both
 * were at about the same time.
 */
export function codeSince(
  { deployedAtMs, watchedSinceMs }: DeploysSeen,
  failedLastMs: number,
): "same" | "newer" | "unknown" {
  if (deployedAtMs !== null && deployedAtMs >= failedLastMs)
    return deployedAtMs - SEEN_LATE_MS > failedLastMs ? "newer" : "unknown";
  return watchedSinceMs === null || watchedSinceMs > failedLastMs ? "unknown" : "same";
}
