/** Topics where events arrive faster than they are consumed, and whether a few hot partitions cause that. */
import { doneSince, growingMs, ratesOf, sumOf } from "../pace.ts";
import {
  hasWaiting,
  WAIT_FLOOR_MS,
  type GroupSituation,
  type PartitionSituation,
  type TopicSituation,
} from "../situation.ts";
import { isReadable, workedOn } from "../standstill.ts";

/** Growth for longer than this is no burst. */
const GROWING_MS = 30_000;
const WINDOW_MS = 60_000;
/** By what factor arrival must exceed consumption where only the sums of a minute are known. */
const CLEARLY = 1.1;
const HOT_SHARE_OF_LAG = 80n;
const HOT_PARTITIONS_SHARE = 0.2;
const HOT_AT_LEAST_OF = 3;
const HOT_TIMES_THE_OTHERS = 2;

export interface GrowingTopic {
  readonly topic: TopicSituation;
  readonly partitions: readonly PartitionSituation[];
  /** partitions that hold nearly all the lag because far more events arrive there than on the others; may be empty */
  readonly hot: readonly PartitionSituation[];
  readonly inRate: number;
  readonly outRate: number;
  readonly sinceMs: number;
}

/** Topics that the group consumes more slowly than they grow, and has for a while; the longest queue first. */
export function growingTopics(situation: GroupSituation): GrowingTopic[] {
  const { nowMs, allowedLagMessages } = situation;
  const found = situation.topics.flatMap((topic): GrowingTopic[] => {
    const partitions = situation.partitions.filter((at) => at.topic === topic.topic && at.committedOffset !== null);
    const lagging = workedOn(
      partitions.filter((at) => hasWaiting(at, allowedLagMessages) && isReadable(at)),
      nowMs,
    );
    if (lagging.length === 0) return [];
    const hot = hotOf(partitions, nowMs).filter((at) => lagging.includes(at));
    const slow = hot.length > 0 ? hot : lagging;
    const pace = sumOf(slow.map((at) => at.pace));
    const growingFor = growingMs(pace);
    const done = doneSince(pace, nowMs - WINDOW_MS);
    const isWarned =
      slow.some((at) => at.verdict === "warning") && done.consumed > 0 && done.written > CLEARLY * done.consumed;
    if (growingFor < GROWING_MS && !isWarned) return [];
    return [
      {
        topic,
        partitions,
        hot,
        ...ratesOf(pace),
        sinceMs: nowMs - Math.max(growingFor, ...lagging.map((at) => at.timeLagMs ?? 0)),
      },
    ];
  });
  return found.sort((a, b) => Number(lagOf(b.partitions) - lagOf(a.partitions)));
}

export const lagOf = (partitions: readonly PartitionSituation[]): bigint =>
  partitions.reduce((sum, at) => sum + at.lagMessages, 0n);

function hotOf(partitions: readonly PartitionSituation[], nowMs: number): PartitionSituation[] {
  if (partitions.length < HOT_AT_LEAST_OF) return [];
  const few = Math.max(1, Math.floor(partitions.length * HOT_PARTITIONS_SHARE));
  const sorted = [...partitions].sort((a, b) => Number(b.lagMessages - a.lagMessages));
  const hot = sorted.slice(0, few).filter((at) => (at.timeLagMs ?? 0) >= WAIT_FLOOR_MS);
  const others = sorted.filter((at) => !hot.includes(at));
  if (hot.length === 0 || lagOf(hot) * 100n < lagOf(partitions) * HOT_SHARE_OF_LAG) return [];
  const written = (all: readonly PartitionSituation[]) =>
    all.reduce((sum, at) => sum + doneSince(at.pace, nowMs - WINDOW_MS).written, 0) / all.length;
  return written(hot) >= HOT_TIMES_THE_OTHERS * written(others) ? hot : [];
}
