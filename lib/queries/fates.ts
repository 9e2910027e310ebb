import type { Fate } from "#lib/contracts/events.ts";
import type { DeadLetterOf, FateColumns, EventPosition } from "#lib/store/events/fates-read.ts";

/** What became of each event in every group that reads its partition, in the order of the places. */
export function fatesOf(
  places: readonly EventPosition[],
  readers: readonly FateColumns[],
  deadLetters: readonly DeadLetterOf[],
): Fate[][] {
  const fates: Fate[][] = places.map(() => []);
  for (const reader of readers) {
    const place = places[reader.place];
    if (place === undefined) continue;
    const failed = deadLetters.find(
      (letter) => letter.place === reader.place && !letter.itself && letter.group === reader.group,
    );
    fates[reader.place]?.push({ cluster: reader.cluster, group: reader.group, ...fateOf(place, reader, failed) });
  }
  return fates;
}

function fateOf(
  place: EventPosition,
  reader: FateColumns,
  failed: DeadLetterOf | undefined,
): Omit<Fate, "cluster" | "group"> {
  const after = (at: Date) => Math.max(0, at.getTime() - place.occurredAt.getTime());
  if (failed?.isSkip === true) {
    // The copy is kept before the group is moved: until then the event only waits.
    if (reader.committedOffset !== null && reader.committedOffset > place.position)
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
  if (reader.committedOffset === null)
    return { fate: "unknown", ...none, note: "the group has not committed on this partition" };
  if (reader.committedOffset > place.position) {
    if (reader.passedAt === null) return { fate: "consumed", ...none, note: "before Flowtap saw the group's commits" };
    return {
      fate: "consumed",
      at: reader.passedAt.toISOString(),
      afterMs: after(reader.passedAt),
      ahead: null,
      note: null,
    };
  }
  if (reader.logStartOffset !== null && place.position < reader.logStartOffset)
    return { fate: "expired", ...none, note: "retention deleted it before the group read it" };
  return {
    fate: "waiting",
    at: null,
    afterMs: null,
    ahead: String(place.position - reader.committedOffset),
    note: reader.gone ? "the group is gone" : null,
  };
}
