import { stripForReplay } from "../failure/strip-for-replay.ts";
import { TARGET_GROUP_HEADER } from "./one-group.ts";
import type { Headers } from "../message/headers.ts";

export const REPLAY_RUN_HEADER = "flowtap-replay-run";
export const REPLAY_ITEM_HEADER = "flowtap-replay-item";
const REPLAY_ORIGIN_HEADER = "flowtap-replay-origin";

export interface ReplayMark {
  /** the run as it calls itself on the wire: unlike any other run's, of this Flowtap or another */
  readonly run: string;
  readonly item: number;
}

export interface RecordOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/**
 * The headers an item is sent with: its own without those of its failure, then the run, the item, where it was read
 * (`topic/partition/offset`), and for which one group it is, if so.
 */
export function replayHeaders(
  headers: Headers,
  mark: ReplayMark,
  origin: RecordOrigin,
  targetGroup: string | null = null,
): Headers {
  const text = new TextEncoder();
  return [
    ...stripForReplay(headers),
    ...replayMarkHeaders(mark, origin),
    ...(targetGroup === null ? [] : [[TARGET_GROUP_HEADER, text.encode(targetGroup)] as const]),
  ];
}

/** What `readReplayMark` finds again. */
export function replayMarkHeaders(mark: ReplayMark, origin: RecordOrigin): Headers {
  const text = new TextEncoder();
  return [
    [REPLAY_RUN_HEADER, text.encode(mark.run)],
    [REPLAY_ITEM_HEADER, text.encode(String(mark.item))],
    [REPLAY_ORIGIN_HEADER, text.encode(`${origin.topic}/${origin.partition}/${origin.offset}`)],
  ];
}

/** Which item of which run a record is; null for any record Flowtap did not send. */
export function readReplayMark(headers: Headers): ReplayMark | null {
  const text = new TextDecoder();
  const last = (name: string): string | null => {
    const value = headers.findLast(([header]) => header === name)?.[1];
    return value === undefined || value === null || value.length > 100 ? null : text.decode(value);
  };
  const run = last(REPLAY_RUN_HEADER);
  const item = last(REPLAY_ITEM_HEADER);
  return run === null || item === null || !/^\d{1,9}$/.test(item) ? null : { run, item: Number(item) };
}
