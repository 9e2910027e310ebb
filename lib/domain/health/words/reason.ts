import type { Reason, ReportedReason } from "../reason.ts";
import { countWords, durationWords, partitionWords, rateWords, waitingWords } from "../../text/words.ts";

/** One sentence without a full stop. */
export function reasonWords(reason: Reason): string {
  switch (reason.kind) {
    case "no_members": {
      const { group, lagMessages, timeLagMs } = reason;
      const oldest = timeLagMs === null ? "" : `, the oldest for ${durationWords(timeLagMs)}`;
      return `${group} has no members; ${waitingWords(lagMessages)}${oldest}`;
    }
    case "not_moving":
      return `${partitionWords(reason.at)} has not moved; ${waitingWords(reason.lagMessages)}`;
    case "not_moving_for": {
      const { at, stillMs, otherPartitions } = reason;
      return `${partitionWords(at)} has not moved for ${durationWords(stillMs)}${norWords(otherPartitions)}`;
    }
    case "repeats_commit": {
      const { at, offset, stillMs, lagMessages } = reason;
      const duration = stillMs === null ? "" : ` for ${durationWords(stillMs)}`;
      const commits = `${partitionWords(at)} commits offset ${countWords(offset)} again and again${duration}`;
      return `${commits}; ${waitingWords(lagMessages)}`;
    }
    case "went_back": {
      const { at, offset, lagMessages } = reason;
      const back = `${partitionWords(at)} went back to offset ${countWords(offset)} and has not caught up`;
      return `${back}; ${waitingWords(lagMessages)}`;
    }
    case "falls_behind": {
      const { group, inRate, outRate } = reason;
      return `${group} falls behind: ${rateWords(inRate)}/s in, ${rateWords(outRate)}/s out`;
    }
    case "does_not_catch_up":
      return `${partitionWords(reason.at)} does not catch up: ${waitingWords(reason.lagMessages)}`;
    case "recovers":
      return `${reason.group} gets on again; ${waitingWords(reason.lagMessages)}`;
  }
}

function norWords(otherPartitions: number): string {
  if (otherPartitions === 0) return "";
  return `, nor ${otherPartitions === 1 ? "has one other partition" : `have ${otherPartitions} other partitions`}`;
}

export const reportedReason = (reason: Reason): ReportedReason => ({ kind: reason.kind, text: reasonWords(reason) });
