import type { Fate } from "#lib/contracts/events.ts";
import { handsOutSingly } from "#lib/domain/health/group.ts";
import type { DeadLetterOf, FateColumns, EventPosition } from "#lib/store/events/fates-read.ts";

/** The broker tells of a share group where it begins to read, and not how the records before that were settled. */
const SHARE_GROUP_IS_PAST =
  "the share group is past it: accepted, rejected or archived, which the broker does not tell";

const QUEUE_TELLS_NUMBERS =
  "it goes where the bindings of the queue lead it; of a queue the broker tells how many messages wait, and not which";

/** The fates of each event, one for every group that reads its partition, in the order of the events. */
export function fatesOf(
  events: readonly EventPosition[],
  readers: readonly FateColumns[],
  deadLetters: readonly DeadLetterOf[],
): Fate[][] {
  const fates: Fate[][] = events.map(() => []);
  for (const reader of readers) {
    const event = events[reader.eventIndex];
    if (event === undefined) continue;
    const failed = deadLetters.find(
      (deadLetter) =>
        deadLetter.eventIndex === reader.eventIndex && !deadLetter.itself && deadLetter.group === reader.group,
    );
    fates[reader.eventIndex]?.push({ cluster: reader.cluster, group: reader.group, ...fateOf(event, reader, failed) });
  }
  return fates;
}

function fateOf(
  event: EventPosition,
  reader: FateColumns,
  failed: DeadLetterOf | undefined,
): Omit<Fate, "cluster" | "group"> {
  const after = (at: Date) => Math.max(0, at.getTime() - event.occurredAt.getTime());
  if (failed?.isSkip === true) {
    // The copy is written before the group is moved, so until then the event is waiting.
    if (reader.committedOffset !== null && reader.committedOffset > event.position)
      return {
        fate: "skipped",
        at: failed.failedAt.toISOString(),
        afterMs: after(failed.failedAt),
        ahead: null,
        note: failed.title,
      };
  } else if (failed !== undefined)
    return {
      fate: "dead_lettered",
      at: failed.failedAt.toISOString(),
      afterMs: after(failed.failedAt),
      ahead: null,
      note: failed.rootCauseClass,
    };
  const none = { at: null, afterMs: null, ahead: null };
  if (reader.protocol === "queue") return { fate: "unknown", ...none, note: QUEUE_TELLS_NUMBERS };
  if (reader.committedOffset === null)
    return { fate: "unknown", ...none, note: "the group has not committed on this partition" };
  if (reader.committedOffset > event.position) {
    if (handsOutSingly(reader.protocol)) return { fate: "unknown", ...none, note: SHARE_GROUP_IS_PAST };
    if (reader.passedAt === null) return { fate: "consumed", ...none, note: "before Flowtap saw the group's commits" };
    return {
      fate: "consumed",
      at: reader.passedAt.toISOString(),
      afterMs: after(reader.passedAt),
      ahead: null,
      note: null,
    };
  }
  if (reader.logStartOffset !== null && event.position < reader.logStartOffset)
    return { fate: "expired", ...none, note: "retention deleted it before the group read it" };
  return {
    fate: "waiting",
    at: null,
    afterMs: null,
    ahead: String(event.position - reader.committedOffset),
    note: reader.gone ? "the group no longer exists" : null,
  };
}
