/** Which groups get events of a replay a second time, and whether they are known to be idempotent. */
import { topicMatches } from "../text/glob.ts";
import { cutText } from "../text/text.ts";

/** A group that reads the target of a replay. */
export interface Receiver {
  readonly group: string;
  /** the events failed in this group, so the replay is for it */
  readonly failedThere: boolean;
  /** the events do not name the group they failed in, but no other group reads the topic they came from */
  readonly probablyFailedThere: boolean;
  /** the configuration declares that it may see an event twice without harm */
  readonly declaredIdempotent: boolean;
}

/** Whether a group was declared to be idempotent, which no broker knows; patterns are globs. */
export const isDeclaredIdempotent = (group: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => topicMatches(pattern, group));

/**
 * The groups, without duplicates, that see events a second time and are not declared idempotent. Events that are no
 * dead letters may have been processed well even by a group in which others failed: with those, that group counts too.
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
export function receiverWords({ group, failedThere, probablyFailedThere, declaredIdempotent }: Receiver): string {
  const failed = failedThere ? "failed on them, " : probablyFailedThere ? "probably failed on them, " : "";
  const idempotent = declaredIdempotent ? "declared idempotent" : "not known to be idempotent";
  return `${cutText(group, 80)} (${failed}${idempotent})`;
}

/** Who reads a topic, in one line. */
export function receiversLine(topic: string, receivers: readonly Receiver[]): string {
  const named = receivers.slice(0, MOST_NAMED).map(receiverWords).join(", ");
  const groups = named === "" ? "no group that is known" : named;
  const more = receivers.length > MOST_NAMED ? ` and ${receivers.length - MOST_NAMED} more` : "";
  return `${cutText(topic, 80)} is read by ${groups}${more}`;
}
