import type { Finding } from "../../cause.ts";
import { STILL_MS } from "../standstill.ts";
import type { GroupSituation } from "../situation.ts";
import { durationWords, timeWords, waitingWords } from "../../../text/words.ts";

/**
 * A consumer that assigns itself its partitions is known by its commits only: it must be silent for longer before it
 * counts as gone.
 */
const SILENT_MS = 60_000;
const USUAL_TIMES = 3;

/** Nobody is there to consume what waits. data: lagMessages, emptySince, lastLeft. */
export function noMembers(situation: GroupSituation): Finding | null {
  const { group, protocol, members, nowMs, lastLeft } = situation;
  if (members.length > 0 || situation.brokerFault !== null || situation.state === "rebalancing") return null;
  const waiting = situation.partitions.filter(
    (at) => at.committedOffset !== null && at.lagMessages > situation.allowedLagMessages,
  );
  if (waiting.length === 0) return null;
  const lastCommitMs = situation.partitions.reduce((last, at) => Math.max(last, at.committedAtMs ?? 0), 0);
  const usualMs = situation.partitions.reduce((most, at) => Math.max(most, at.commitEveryMs ?? 0), 0);
  const silentSince = Math.max(lastCommitMs, situation.knownSinceMs);
  if (protocol === "simple" || situation.emptySinceMs === null) {
    if (nowMs - silentSince < Math.max(SILENT_MS, USUAL_TIMES * usualMs)) return null;
  } else if (nowMs - Math.max(situation.emptySinceMs, lastCommitMs) < STILL_MS) return null;

  const lagMessages = waiting.reduce((sum, at) => sum + at.lagMessages, 0n);
  const timeLagMs = waiting.reduce((most, at) => Math.max(most, at.timeLagMs ?? 0), 0);
  const since = protocol === "simple" ? lastCommitMs : (situation.emptySinceMs ?? lastCommitMs);
  const worst = waiting.reduce((most, at) => (at.lagMessages > most.lagMessages ? at : most));
  return {
    cause: "no_members",
    sinceMs: since,
    at: { topic: worst.topic, partition: worst.partition, offset: String(worst.committedOffset) },
    sentence: `${group} has ${protocol === "simple" ? "no members and has not committed" : "had no members"} for ${durationWords(nowMs - since)}; ${waitingWords(lagMessages)}${timeLagMs > 0 ? `, the oldest for ${durationWords(timeLagMs)}` : ""}`,
    facts: [
      { label: "Without members since", value: timeWords(since) },
      ...(lastLeft === null
        ? []
        : [{ label: "Left last", value: `${lastLeft.clientId} on ${lastLeft.host}, ${timeWords(lastLeft.atMs)}` }]),
      ...(lastCommitMs > 0 ? [{ label: "Last commit", value: timeWords(lastCommitMs) }] : []),
      ...(protocol === "simple"
        ? [
            {
              label: "Assignment",
              value: "its consumers assign themselves their partitions: only commits tell that they live",
            },
          ]
        : []),
    ],
    data: {
      lagMessages: String(lagMessages),
      emptySince: new Date(since).toISOString(),
      lastLeft:
        lastLeft === null
          ? null
          : {
              memberId: lastLeft.memberId,
              clientId: lastLeft.clientId,
              host: lastLeft.host,
              at: new Date(lastLeft.atMs).toISOString(),
            },
    },
  };
}
