/** Who gets events of a replay a second time, and whether that does them harm. */
import { topicMatches } from "../text/glob.ts";
import { cutText } from "../text/text.ts";

/** A group that reads the target of a replay. */
export interface Receiver {
  readonly group: string;
  /** the events failed in it: it is the one they are for */
  readonly failedThere: boolean;
  /** the events do not tell where they failed, and nobody else reads where they failed: probably there */
  readonly probablyFailedThere: boolean;
  /** people have said that seeing an event twice does it no harm */
  readonly declaredIdempotent: boolean;
}

/** Whether a group was declared to be idempotent; patterns are globs. Nothing that a broker tells could say so. */
export const isDeclaredIdempotent = (group: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => topicMatches(pattern, group));

/**
 * The groups, each once, that see events a second time without being declared idempotent. Of events that are no dead
 * letters, those they are for may have consumed some well.
 */
export function groupsAtRisk(
  targets: readonly { readonly receivers: readonly Receiver[] }[],
  plainItems: number,
): string[] {
  const atRisk = targets.flatMap(({ receivers }) =>
    receivers
      .filter(
        ({ failedThere, probablyFailedThere, declaredIdempotent }) =>
          !declaredIdempotent && (!(failedThere || probablyFailedThere) || plainItems > 0),
      )
      .map(({ group }) => group),
  );
  return [...new Set(atRisk)];
}

const MOST_NAMED = 10;

/** What is known of a group that receives a replay, in words. */
export const receiverWords = ({ group, failedThere, probablyFailedThere, declaredIdempotent }: Receiver): string =>
  `${cutText(group, 80)} (${failedThere ? "failed on them, " : probablyFailedThere ? "probably failed on them, " : ""}${declaredIdempotent ? "declared idempotent" : "not known to be idempotent"})`;

/** Who reads a topic, in one line. */
export function receiversLine(topic: string, receivers: readonly Receiver[]): string {
  const named = receivers.slice(0, MOST_NAMED).map(receiverWords).join(", ");
  return `${cutText(topic, 80)} is read by ${named === "" ? "no group that is known" : named}${receivers.length > MOST_NAMED ? ` and ${receivers.length - MOST_NAMED} more` : ""}`;
}
