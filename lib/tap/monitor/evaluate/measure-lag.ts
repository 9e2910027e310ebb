/** How far a group partition is behind: in messages and in time. */
import { lostMessages } from "#lib/domain/health/log/forecast.ts";
import { recordTimeMs } from "#lib/domain/health/log/record-time.ts";
import type { OffsetSample } from "#lib/domain/health/log/time-lag.ts";
import { headAt, CLOSE_MS } from "../state/head-time.ts";
import type { LogEnds, LogFacts } from "../state/log-ends.ts";
import { applyLag, type PartitionState } from "../state/partition-state.ts";
import type { PartitionLag } from "./evaluated-partition.ts";

export interface MeasuredLag extends PartitionLag {
  /** the offset that is read next: the committed one, or where the log begins if retention has deleted that */
  readonly from: bigint;
  /** the first waiting event, where its time is known */
  readonly head: (OffsetSample & { readonly isFromLog: boolean }) | null;
  /** the time lag is a lower bound: the first event has waited for at least that long */
  readonly timeLagIsFloor: boolean;
}

export function measureLag(
  key: number,
  facts: LogFacts,
  state: PartitionState,
  { ends, nowMs }: { readonly ends: LogEnds; readonly nowMs: number },
): MeasuredLag {
  const { endOffset, logStartOffset, lastStableOffset } = facts;
  const committed = state.row.committedOffset;
  const from =
    committed === null
      ? // Without a commit, what waits is what has been written since the partition was first polled.
        endOffset - BigInt(state.pace.at(-1)?.written ?? 0)
      : committed < logStartOffset
        ? logStartOffset
        : committed;
  const lagMessages = ends.lagFrom(key, facts, from);
  const waitedMs = applyLag(state, committed ?? -1n, lagMessages, nowMs);
  const found = lagMessages === 0n || committed === null ? null : headAt(state.head, from);
  const atMs = found === null ? null : recordTimeMs(found.atMs, nowMs);
  const head = found === null || atMs === null ? null : { offset: found.offset, atMs };
  const isFromLog = head !== null && state.head !== null && state.head.readAtMs !== null;
  const ageMs = head === null ? 0 : Math.round(nowMs - head.atMs);
  // An event has waited at least as long as it was observed to wait, whatever its producer's clock says; unless it was
  // compacted away and a younger event is the first one now.
  const timeLagMs = isFromLog && head.offset > from ? Math.max(0, ageMs) : Math.max(ageMs, waitedMs);
  return {
    from,
    lagMessages,
    lostMessages:
      committed === null || ends.isEmpty(key, committed, logStartOffset) ? 0n : lostMessages(committed, logStartOffset),
    waitsForTransaction:
      lagMessages > 0n &&
      lastStableOffset < endOffset &&
      committed !== null &&
      ends.isEmpty(key, from, lastStableOffset),
    head: head === null ? null : { ...head, isFromLog },
    timeLagMs,
    timeLagIsFloor: lagMessages > 0n && (head === null || timeLagMs > ageMs + CLOSE_MS),
  };
}
